#!/bin/sh
(
# request/long-remove · EFF-1 · add several
# legal: an object like the one with emailAddress `mbda7-1@acme.test`
# seen: none was read back
base=http://127.0.0.1:8399 workgroup=Night_Shift answer=$(mktemp) made=
ask() { curl -q -sS -i --http1.1 --path-as-is --globoff --noproxy '*' -m 10 -H 'Accept:' -H 'Content-Type:' -H 'Expect:' -H 'User-Agent:' "$@"; }
header() { grep -i "^$1" "$answer" | tail -n 1 | cut -d : -f 2- | cut -d ';' -f 1 | tr -d ' \r'; }
json() { printf %s "$1" | sed 's/[\\"]/\\&/g'; }
login() { # USER PASSWORD
  printf '{"__type":"urn:inin.com:connection:icAuthConnectionRequestSettings","applicationName":"icws-conformance","userID":"%s","password":"%s"}' "$(json "$1")" "$(json "$2")" |
    ask -o "$answer" -X POST "$base/icws/connection" -H 'Accept-Language: en-US' \
      -H 'Content-Type: application/vnd.inin.icws+JSON; charset=utf-8' --data-binary @-
  session=$(header ININ-ICWS-Session-ID:) token=$(header ININ-ICWS-CSRF-Token:) cookie=$(header 'Set-Cookie: *icws_')
  test -n "$session" || { echo 'no session:' >&2; cat "$answer" >&2; exit 1; }
}
end() { ask -o "$answer" -X DELETE "$base/icws/$session/connection" -H "ININ-ICWS-CSRF-Token: $token" -H "Cookie: $cookie"; }
update() { # WORKGROUP BODY
  printf %s "$2" | ask -o "$answer" -X POST "$base/icws/$session/configuration/workgroups/$1/monitored-mailboxes" \
    -H "ININ-ICWS-CSRF-Token: $token" -H "Cookie: $cookie" \
    -H 'Content-Type: application/vnd.inin.icws+JSON; charset=utf-8' --data-binary @-
}
ids() { grep -o '"id" *: *"[^"]*"' "$answer" | cut -d '"' -f 4; }
read_back() { # WORKGROUP
  ask "$base/icws/$session/configuration/workgroups/$1?select=monitoredMailboxes" \
    -H "ININ-ICWS-CSRF-Token: $token" -H "Cookie: $cookie"; echo
}
login admin "$(cat /tmp/ans.toml.privileged-password)"
ask -X POST "$base/icws/${session}/configuration/workgroups/$workgroup/monitored-mailboxes" \
  -H "ININ-ICWS-CSRF-Token: ${token}" \
  -H "Cookie: ${cookie}" \
  -H "Accept: application/vnd.inin.icws+JSON" \
  -H "Content-Type: application/vnd.inin.icws+JSON; charset=utf-8" \
  --data-raw '{"add":[{"configurationId":{"id":"mbda7-1"},"emailAddress":"mbda7-1@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-2"},"emailAddress":"mbda7-2@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-3"},"emailAddress":"mbda7-3@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-4"},"emailAddress":"mbda7-4@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-5"},"emailAddress":"mbda7-5@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-6"},"emailAddress":"mbda7-6@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-7"},"emailAddress":"mbda7-7@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-8"},"emailAddress":"mbda7-8@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-9"},"emailAddress":"mbda7-9@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-10"},"emailAddress":"mbda7-10@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-11"},"emailAddress":"mbda7-11@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-12"},"emailAddress":"mbda7-12@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-13"},"emailAddress":"mbda7-13@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-14"},"emailAddress":"mbda7-14@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-15"},"emailAddress":"mbda7-15@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-16"},"emailAddress":"mbda7-16@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-17"},"emailAddress":"mbda7-17@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-18"},"emailAddress":"mbda7-18@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-19"},"emailAddress":"mbda7-19@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-20"},"emailAddress":"mbda7-20@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-21"},"emailAddress":"mbda7-21@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-22"},"emailAddress":"mbda7-22@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-23"},"emailAddress":"mbda7-23@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-24"},"emailAddress":"mbda7-24@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true},{"configurationId":{"id":"mbda7-25"},"emailAddress":"mbda7-25@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1,"canReceiveEncryptedEmail":true}]}' | tee "$answer"; echo
made="$made $(ids)"
read_back "$workgroup"
printf '%s\n' mbda7-1 mbda7-10 mbda7-11 mbda7-12 mbda7-13 mbda7-14 mbda7-15 mbda7-16 mbda7-17 mbda7-18 mbda7-19 mbda7-2 mbda7-20 mbda7-21 mbda7-22 mbda7-23 mbda7-24 mbda7-25 mbda7-3 mbda7-4 mbda7-5 mbda7-6 mbda7-7 mbda7-8 mbda7-9 $made | grep . | sort -u | while IFS= read -r id; do update "$workgroup" '{"remove":["'"$id"'"]}'; done
end
rm -f "$answer"
)
