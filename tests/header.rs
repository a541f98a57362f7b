//! The committed header is what build.rs generates from `src/abi`; `make header` brings it up to date.

#[test]
fn the_committed_header_is_the_generated_one() {
    let generated = include_str!(concat!(env!("OUT_DIR"), "/xsched.h"));
    let committed = include_str!("../include/xsched.h");
    let differs = generated
        .lines()
        .zip(committed.lines())
        .position(|(new, old)| new != old);
    assert_eq!(
        differs.map(|at| at + 1),
        None,
        "first differing line; run `make header`"
    );
    assert_eq!(generated.len(), committed.len(), "run `make header`");
}
