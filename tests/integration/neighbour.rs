//! Somebody else who uses the server that is tested.

use std::path::Path;
use std::time::Duration;

use icws_conformance::client::session::{connect, session_request};
use icws_conformance::client::{
    Client, Credentials, Header, Method, Secret, Secrets, Session, Settings,
};
use icws_conformance::contract::wire;
use icws_conformance::target::{self, Profile};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::binary::icws;
use crate::ended::{Ended, ended};
use crate::serving::Serving;

/// The reference server's workgroup that is nobody's to change.
pub(crate) const NOT_SCRATCH: &str = "Operations";

/// Somebody else on the same server, and the server.
pub(crate) struct Neighbour {
    pub(crate) runtime: Runtime,
    pub(crate) client: Client,
    pub(crate) session: Session,
    pub(crate) profile: Profile,
    pub(crate) serving: Serving,
    folder: tempfile::TempDir,
}

impl Neighbour {
    pub(crate) fn of(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let options = [&["--profile-out", "p.toml"][..], options].concat();
        let serving = Serving::start(folder.path(), &options, &[]);
        let profile = target::load(&folder.path().join("p.toml")).expect("a profile");
        let client = Client::new(
            Settings {
                origin: profile.base_url.clone(),
                ca_pem: None,
                accept_invalid: false,
                timeout: Duration::from_secs(10),
                outage: std::time::Duration::ZERO,
                answer_bytes_max: 1 << 20,
                requests_per_second: 0,
                concurrency: 1,
            },
            Secrets::new(),
        );
        let client = client.expect("a client");
        let user = &profile.users.privileged;
        let credentials = Credentials {
            user_id: user.user_id.clone(),
            password: Secret::new(user.password.expose_secret(), "<password>"),
            label: "privileged".to_owned(),
            language: "en-US",
        };
        let runtime = Runtime::new().expect("a runtime");
        let session = runtime.block_on(connect(&client, &credentials, "neighbour"));
        Self {
            session: session.result.expect("a session"),
            runtime,
            client,
            profile,
            serving,
            folder,
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn call(&self, arguments: &[&str]) -> Ended {
        ended(&mut icws(self.folder(), arguments))
    }

    pub(crate) fn scratch(&self) -> &[String] {
        &self.profile.workgroups.scratch
    }

    /// A read-back, byte for byte, and fit to be shown where a test fails.
    pub(crate) fn bytes(&self, workgroup: &str) -> String {
        let path = wire::read_back_path(&self.session.id, workgroup);
        let request = session_request(&self.session, Method::Get, path);
        let sent = self.client.send(self.client.origin(), &request);
        let exchange = self.runtime.block_on(sent);
        let body = exchange.answer().expect("an answer").body.to_vec();
        String::from_utf8(body).expect("JSON is UTF-8")
    }

    pub(crate) fn all_bytes(&self) -> Vec<String> {
        let all = self.scratch().iter().map(String::as_str);
        all.chain([NOT_SCRATCH]).map(|id| self.bytes(id)).collect()
    }

    pub(crate) fn update(&self, workgroup: &str, body: &Value) -> u16 {
        let path = wire::update_path(&self.session.id, workgroup);
        let mut request = session_request(&self.session, Method::Post, path);
        let label = Header::plain("Content-Type", wire::VENDOR_MEDIA_TYPE);
        request.headers.push(label);
        request.body = body.to_string().into_bytes().into();
        let sent = self.client.send(self.client.origin(), &request);
        let exchange = self.runtime.block_on(sent);
        let answer = exchange.outcome.as_ref();
        answer.unwrap_or_else(|fault| panic!("{fault}")).status
    }

    pub(crate) fn control(&self, order: &str, body: &Value) {
        let path = format!("/__control/{order}");
        let mut request = session_request(&self.session, Method::Post, path);
        request
            .headers
            .push(Header::plain("Content-Type", wire::PLAIN_MEDIA_TYPE));
        request.body = body.to_string().into_bytes().into();
        let sent = self.client.send(self.client.origin(), &request);
        let exchange = self.runtime.block_on(sent);
        let status = exchange.answer().expect("an answer").status;
        assert!((200..300).contains(&status), "{order}: {status}");
    }

    pub(crate) fn add(&self, workgroup: &str, address: &str) {
        let moniker = &self.profile.mailboxes[0].moniker;
        let added = json!({
            "configurationId": { "id": address },
            "emailAddress": address,
            "mailboxMoniker": moniker,
            "mailboxType": 1,
        });
        assert_eq!(self.update(workgroup, &json!({ "add": [added] })), 200);
    }
}
