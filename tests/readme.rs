//! The example in the README is the one that is compiled and run.

#[test]
fn the_readme_shows_the_quickstart() {
    let readme = include_str!("../README.md");
    let example = include_str!("../cpp-examples/quickstart.cpp");
    assert!(
        readme.contains(&format!("```cpp\n{example}```")),
        "copy quickstart.cpp into README.md"
    );
}
