//! Results as other programs read them, one format a file.

mod bmf;
mod github;

pub use bmf::bmf;
pub use github::github;

#[cfg(test)]
mod tests {
    use super::super::sample::result;
    use super::*;

    #[test]
    fn formats_stay_as_they_are() {
        let json = result().json().expect("JSON");
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("json", json);
            insta::assert_snapshot!("bmf", bmf(&result()));
            insta::assert_snapshot!("github", github(&result()));
        });
    }

    #[test]
    fn a_saved_result_reads_back() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("result.json");
        std::fs::write(&path, result().json().expect("JSON")).expect("can write");
        assert_eq!(super::super::BenchResult::read(&path), Ok(result()));
    }
}
