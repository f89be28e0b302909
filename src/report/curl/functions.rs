//! The functions of the scripts. A script has only those that it calls.

/// One function: its name, and its text with a line feed behind.
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

/// In the order in which they stand in a script. `ask` is made for each
/// target.
pub(super) const FUNCTIONS: [Function; 8] = [
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
        text: r#"login() { # USER PASSWORD LANGUAGE
  printf '{"__type":"urn:inin.com:connection:icAuthConnectionRequestSettings","applicationName":"icws-conformance","userID":"%s","password":"%s"}' "$(json "$1")" "$(json "$2")" |
    ask -o "$answer" -X POST "$base/icws/connection" -H "Accept-Language: ${3:-en-US}" \
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
        name: "damaged",
        text: r#"damaged() { # HOW VALUE
  awk 'function other(c,  p) { p = index(set, c); return p ? substr(set, (p - 1 + length(set) / 2) % length(set) + 1, 1) : c }
    function change(from, to, step, most,  i) { for (i = from; i != to + step && most > 0; i += step)
      if (c[i] ~ /[0-9A-Za-z]/) { c[i] = other(c[i]); most-- } return most }
    BEGIN { how = ARGV[1]; v = ARGV[2]; n = length(v); q = int((n + 3) / 4); m = int(n / 2); w = v; gsub(/[^0-9A-Za-z]/, "", w)
    lower = "abcdefghijklmnopqrstuvwxyz"; upper = toupper(lower); set = upper lower "0123456789"
    if (w !~ /[^0-9A-F]/) set = "0123456789ABCDEF"; if (w !~ /[^0-9a-f]/) set = "0123456789abcdef"; if (w !~ /[^0-9]/) set = "0123456789"
    for (i = 1; i <= n; i++) c[i] = substr(v, i, 1)
    if (how == "truncated") n -= q
    else if (how == "beheaded") for (i = 1; i <= q; i++) c[i] = ""
    else if (how == "extended") c[n] = c[n] "x"
    else if (how == "preceded") c[1] = "x" c[1]
    else if (how == "middle-changed") { if (change(m + 1, n, 1, 1)) change(1, m, 1, 1) }
    else if (how == "first-changed") change(1, n, 1, 1)
    else if (how == "last-changed") { if (c[n] ~ /[0-9A-Za-z]/) change(n, n, 1, 1); else c[n] = "x" }
    else if (how == "beginning-changed") change(1, m, 1, n)
    else if (how == "end-changed") change(m + 1, n, 1, n)
    else if (how == "thirds-changed") for (i = 1; i <= n; i += 3) change(i, i, 1, 1)
    else if (how == "other-case") { for (i = m + 1; i < n && c[i] !~ /[A-Za-z]/; i++); c[i] = c[i] == tolower(c[i]) ? toupper(c[i]) : tolower(c[i]) }
    else if (how == "swapped") { for (i = m + 1; i < n - 1 && (c[i] == c[i + 1] || c[i] c[i + 1] ~ /[^0-9A-Za-z]/); i++); w = c[i]; c[i] = c[i + 1]; c[i + 1] = w }
    else if (how == "rotated") { c[1] = substr(v, m + 1) substr(v, 1, m); n = 1 }
    else if (how == "last-removed") n--
    else if (how == "foreign") c[m] = c[m] "!"
    else if (how == "bare") { c[1] = w; n = 1 }
    else if (how == "end-in-other-case") for (i = n - q + 1; i <= n; i++) c[i] = c[i] == tolower(c[i]) ? toupper(c[i]) : tolower(c[i])
    else if (how == "reversed") for (i = 1; i <= n; i++) c[i] = substr(v, n - i + 1, 1)
    for (i = 1; i <= n; i++) printf "%s", c[i] }' "$1" "$2"
}
"#,
    },
];
