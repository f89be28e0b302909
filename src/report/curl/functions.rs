//! The functions of the scripts. A script has only those that it calls.

/// One function: its name, and its text with a line feed behind.
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

/// In the order in which they stand in a script. `ask` is made for each
/// target.
pub(super) const FUNCTIONS: [Function; 10] = [
    Function {
        name: "header",
        text: r#"header() { grep -i "^$1" "$answer" | tail -n 1 | cut -d : -f 2- | cut -d ';' -f 1 | tr -d ' \r'; }
"#,
    },
    Function {
        name: "json",
        text: r#"json() { printf %s "$1" | sed 's/[\\"]/\\&/g'; }
"#,
    },
    Function {
        name: "login",
        text: r#"login() { # USER PASSWORD
  printf '{"__type":"urn:inin.com:connection:icAuthConnectionRequestSettings","applicationName":"icws-conformance","userID":"%s","password":"%s"}' "$(json "$1")" "$(json "$2")" |
    ask -o "$answer" -X POST "$base/icws/connection" -H 'Accept-Language: en-US' \
      -H 'Content-Type: application/vnd.inin.icws+JSON; charset=utf-8' --data-binary @-
  session=$(header ININ-ICWS-Session-ID:) token=$(header ININ-ICWS-CSRF-Token:) cookie=$(header 'Set-Cookie: *icws_')
  test -n "$session" || { echo 'no session:' >&2; cat "$answer" >&2; exit 1; }
}
"#,
    },
    Function {
        name: "end",
        text: r#"end() { ask -o "$answer" -X DELETE "$base/icws/$session/connection" -H "ININ-ICWS-CSRF-Token: $token" -H "Cookie: $cookie"; }
"#,
    },
    Function {
        name: "update",
        text: r#"update() { # WORKGROUP BODY
  printf %s "$2" | ask -o "$answer" -X POST "$base/icws/$session/configuration/workgroups/$1/monitored-mailboxes" \
    -H "ININ-ICWS-CSRF-Token: $token" -H "Cookie: $cookie" \
    -H 'Content-Type: application/vnd.inin.icws+JSON; charset=utf-8' --data-binary @-
}
"#,
    },
    Function {
        name: "ids",
        text: r#"ids() { grep -o '"id" *: *"[^"]*"' "$answer" | cut -d '"' -f 4; }
"#,
    },
    Function {
        name: "read_back",
        text: r#"read_back() { # WORKGROUP
  ask "$base/icws/$session/configuration/workgroups/$1?select=monitoredMailboxes" \
    -H "ININ-ICWS-CSRF-Token: $token" -H "Cookie: $cookie"; echo
}
"#,
    },
    Function {
        name: "cut_short",
        text: r#"cut_short() { printf '%s\n' "$1" | cut -c "1-$((${#1} - (${#1} + 3) / 4))"; }
"#,
    },
    Function {
        name: "changed",
        text: r#"changed() { # the value with a letter or digit near its middle changed
  awk 'BEGIN { v = ARGV[1]; m = int(length(v) / 2) + 1
    while (m < length(v) && substr(v, m, 1) !~ /[0-9A-Za-z]/) m++
    c = substr(v, m, 1); d = c ~ /[0-9]/ ? (c + 1) % 10 : c ~ /[A-Z]/ ? (c == "A" ? "B" : "A") : (c == "a" ? "b" : "a")
    print substr(v, 1, m - 1) d substr(v, m + 1) }' "$1"
}
"#,
    },
    Function {
        name: "other_case",
        text: r#"other_case() { # the value with a letter near its middle in the other case
  awk 'BEGIN { v = ARGV[1]; m = int(length(v) / 2) + 1
    while (m < length(v) && substr(v, m, 1) !~ /[A-Za-z]/) m++
    c = substr(v, m, 1); d = c == tolower(c) ? toupper(c) : tolower(c)
    print substr(v, 1, m - 1) d substr(v, m + 1) }' "$1"
}
"#,
    },
];
