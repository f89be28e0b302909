#!/bin/sh
(
# shape/modified · EFF-1 · add several
# legal: an object like the one with emailAddress `md74d-20@acme.test`
# seen: none was read back
base=http://127.0.0.1:8399 workgroup=Support answer=$(mktemp) made=
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
  --data-raw '{"add":[{"configurationId":{"id":"md74d-20"},"emailAddress":"md74d-20@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1},{"configurationId":{"id":"md74d-60"},"emailAddress":"md74d-60@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1},{"configurationId":{"id":"md74d-1"},"emailAddress":"md74d-1@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":0,"inboundFolder":"Inbox"},{"configurationId":{"id":"md74d-9"},"emailAddress":"md74d-9@acme.test","mailboxMoniker":"EX:support@acme.test","mailboxType":1}]}' | tee "$answer"; echo
made="$made $(ids)"
read_back "$workgroup"
printf '%s\n' md74d-1 md74d-20 md74d-60 md74d-9 $made | grep . | sort -u | while IFS= read -r id; do update "$workgroup" '{"remove":["'"$id"'"]}'; done
end
rm -f "$answer"
)
