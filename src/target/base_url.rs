//! The target's address, from a profile, an override or the command line.

use url::Url;

/// The base URL that `text` names: `http` or `https`, a host, and nothing
/// after it but a port.
///
/// # Errors
/// What is wrong and what would be accepted, as a fragment. It never quotes
/// the text as a whole, which may hold a password.
pub fn parse_base_url(text: &str) -> Result<Url, String> {
    problem_or_url(text).map_err(|problem| format!("{problem}; accepted: {ACCEPTED}"))
}

/// What [`parse_base_url`] accepts, in words.
pub(super) const ACCEPTED: &str =
    "`http://HOST[:PORT]` or `https://HOST[:PORT]`, such as `https://icws.example:8019`";

/// As [`parse_base_url`], with only the problem as the error.
pub(super) fn problem_or_url(text: &str) -> Result<Url, String> {
    if text.is_empty() {
        return Err("an empty URL".to_owned());
    }
    // The parser drops white space silently, and takes it for a mistake of no
    // consequence; here it is most likely a slip of copying.
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("a URL with white space in it".to_owned());
    }
    let Some((scheme, _)) = text.split_once("://") else {
        return Err(missing_scheme(text));
    };
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return Err(format!("a URL with the scheme `{scheme}`"));
    }
    let url = Url::parse(text).map_err(|error| format!("not a URL ({error})"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a URL with user information, which belongs in `users`".to_owned());
    }
    if url.path() != "/" {
        return Err(format!("a URL with the path `{}`", url.path()));
    }
    if url.query().is_some() {
        return Err("a URL with a query".to_owned());
    }
    if url.fragment().is_some() {
        return Err("a URL with a fragment".to_owned());
    }
    Ok(url)
}

/// `localhost:8018` is the likeliest slip: say what it should have been,
/// where adding the scheme is all that it takes.
fn missing_scheme(text: &str) -> String {
    let mended = format!("http://{text}");
    match problem_or_url(&mended) {
        Ok(_) => format!("a URL without a scheme (did you mean `{mended}`?)"),
        Err(_) => "a URL without a scheme".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_a_host_are_accepted() {
        for (text, expected) in [
            ("http://127.0.0.1:8018", "http://127.0.0.1:8018/"),
            ("https://icws.example:8019/", "https://icws.example:8019/"),
            ("HTTPS://icws.example", "https://icws.example/"),
            ("http://[::1]:8018", "http://[::1]:8018/"),
        ] {
            assert_eq!(parse_base_url(text).as_ref().map(Url::as_str), Ok(expected));
        }
    }

    #[test]
    fn every_other_address_says_what_is_wrong() {
        for (text, problem) in [
            ("", "empty"),
            ("localhost:8018", "did you mean `http://localhost:8018`?"),
            ("127.0.0.1:8018", "did you mean `http://127.0.0.1:8018`?"),
            ("icws.example", "did you mean `http://icws.example`?"),
            ("icws.example/icws", "without a scheme;"),
            ("http:/icws.example", "without a scheme;"),
            ("ftp://icws.example", "the scheme `ftp`"),
            ("http://", "not a URL"),
            ("http://icws.example:99999", "not a URL"),
            (" http://icws.example", "white space"),
            ("http://icws.example/icws", "the path `/icws`"),
            ("http://icws.example//", "the path `//`"),
            ("http://icws.example?a=b", "a query"),
            ("http://icws.example#a", "a fragment"),
            ("http://admin@icws.example", "user information"),
        ] {
            let message = parse_base_url(text).expect_err(text);
            assert!(message.contains(problem), "{text}: {message}");
            assert!(message.ends_with(ACCEPTED), "{text}: {message}");
        }
    }

    #[test]
    fn a_password_in_the_url_is_not_repeated() {
        for text in [
            "http://admin:hunter2@icws.example",
            "http://admin:hunter2@icws.example/path?query",
            "admin:hunter2@icws.example",
            "admin:hunter2",
            "http://admin:hunter2@",
            "http://admin:hunter2@icws.example:99999",
        ] {
            let message = parse_base_url(text).expect_err(text);
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
