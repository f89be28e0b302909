//! The gateways and what each is told beside what Debian tells it.

use crate::gateway::Program;

/// One gateway in front of the server.
#[derive(Debug)]
pub(crate) struct Setup {
    /// The name of its trial, below that of the program.
    pub(crate) name: &'static str,
    /// The program.
    pub(crate) program: Program,
    /// What is put in the place of words of its configuration; all others stay
    /// empty.
    pub(crate) changes: &'static [(&'static str, &'static str)],
    /// It speaks TLS.
    pub(crate) encrypted: bool,
    /// It lets so little through that fewer cases are enough.
    pub(crate) slow: bool,
}

impl Setup {
    const fn new(
        program: Program,
        name: &'static str,
        changes: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self {
            name,
            program,
            changes,
            encrypted: false,
            slow: false,
        }
    }

    /// The name of the trial.
    pub(crate) fn trial(&self) -> String {
        format!("{}/{}", self.program.name(), self.name)
    }
}

/// Every setup. nginx as it comes speaks HTTP/1.0 to the server behind, on a
/// connection for each request.
pub(crate) const SETUPS: &[Setup] = &[
    Setup::new(Program::Nginx, "as-it-comes", &[]),
    Setup::new(
        Program::Nginx,
        "three-requests-a-connection",
        &[("server", "keepalive_requests 3;")],
    ),
    Setup::new(
        Program::Nginx,
        "no-keep-alive",
        &[("server", "keepalive_timeout 0;")],
    ),
    Setup {
        encrypted: true,
        ..Setup::new(
            Program::Nginx,
            "tls",
            &[
                ("listening", "ssl"),
                (
                    "server",
                    "ssl_certificate @folder@/certificate.pem; ssl_certificate_key @folder@/key.pem;",
                ),
            ],
        )
    },
    Setup::new(
        Program::Nginx,
        "http-1.0-behind-unbuffered",
        &[(
            "location",
            "proxy_http_version 1.0; proxy_buffering off; proxy_request_buffering off;",
        )],
    ),
    Setup::new(
        Program::Nginx,
        "http-1.1-kept-behind",
        &[
            ("upstream", "keepalive 16;"),
            (
                "location",
                r#"proxy_http_version 1.1; proxy_set_header Connection "";"#,
            ),
        ],
    ),
    Setup::new(Program::Nginx, "decodes-paths", &[("path", "/")]),
    Setup::new(
        Program::Nginx,
        "1000-a-second-else-503",
        &[
            (
                "http",
                "limit_req_zone $binary_remote_addr zone=each:1m rate=1000r/s;",
            ),
            ("server", "limit_req zone=each;"),
        ],
    ),
    Setup::new(
        Program::Nginx,
        "1000-a-second-in-bursts-else-503",
        &[
            (
                "http",
                "limit_req_zone $binary_remote_addr zone=each:1m rate=1000r/s;",
            ),
            ("server", "limit_req zone=each burst=20 nodelay;"),
        ],
    ),
    Setup {
        slow: true,
        ..Setup::new(
            Program::Nginx,
            "500-a-second-else-429",
            &[
                (
                    "http",
                    "limit_req_zone $binary_remote_addr zone=each:1m rate=500r/s;",
                ),
                ("server", "limit_req zone=each; limit_req_status 429;"),
            ],
        )
    },
    Setup::new(
        Program::Nginx,
        "eight-connections-else-503",
        &[
            ("http", "limit_conn_zone $binary_remote_addr zone=each:1m;"),
            ("server", "limit_conn each 8;"),
        ],
    ),
    Setup::new(Program::HaProxy, "as-it-comes", &[]),
    Setup::new(
        Program::HaProxy,
        "50-ms-keep-alive",
        &[("frontend", "timeout http-keep-alive 50")],
    ),
    Setup::new(
        Program::HaProxy,
        "2000-a-second-else-429",
        &[(
            "frontend",
            "stick-table type ip size 1k expire 10s store http_req_rate(1s)\n\t\
             http-request track-sc0 src\n\t\
             http-request deny deny_status 429 if { sc_http_req_rate(0) gt 2000 }",
        )],
    ),
    Setup {
        slow: true,
        ..Setup::new(
            Program::HaProxy,
            "500-a-second-else-429",
            &[(
                "frontend",
                "stick-table type ip size 1k expire 10s store http_req_rate(1s)\n\t\
             http-request track-sc0 src\n\t\
             http-request deny deny_status 429 if { sc_http_req_rate(0) gt 500 }",
            )],
        )
    },
    Setup::new(Program::Apache, "as-it-comes", &[]),
    Setup::new(Program::Lighttpd, "as-it-comes", &[]),
];
