//! Reads from a PTX text what a launch needs: the entries, and how their parameters are laid out.

use gpusim::kernel::Argument;

/// `.entry NAME ( PARAMETERS )`
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) parameters: Vec<Argument>,
}

/// `None` if the text is no PTX: each has a version.
pub(crate) fn entries(text: &str) -> Option<Vec<Entry>> {
    let text = without_comments(text);
    if !text.contains(".version") {
        return None;
    }
    let mut entries = Vec::new();
    for (_, rest) in text
        .match_indices(".entry")
        .map(|(at, word)| text.split_at(at + word.len()))
    {
        let rest = rest.trim_start();
        let end = rest.find(|c: char| !is_identifier(c)).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        let list = match rest.trim_start().strip_prefix('(') {
            Some(list) => &list[..list.find(')')?],
            None => "",
        };
        let parameters = list.split(',').filter(|text| !text.trim().is_empty());
        entries.push(Entry {
            name: name.to_owned(),
            parameters: parameters.map(parameter).collect::<Option<_>>()?,
        });
    }
    Some(entries)
}

fn is_identifier(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '%')
}

fn without_comments(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("//").into_iter().chain(rest.find("/*")).min() {
        clean.push_str(&rest[..at]);
        clean.push(' ');
        let end = if rest[at..].starts_with("//") {
            rest[at..].find('\n')
        } else {
            rest[at..].find("*/").map(|end| end + 2)
        };
        rest = end.map_or("", |end| &rest[at + end..]);
    }
    clean.push_str(rest);
    clean
}

/// `.param .align 8 .b8 NAME[24]`, `.param .u64 .ptr .global .align 4 NAME`; the alignment behind
/// `.ptr` is that of what it points to.
fn parameter(text: &str) -> Option<Argument> {
    let (text, elements) = match text.split_once('[') {
        Some((text, count)) => (
            text,
            count.trim_end().strip_suffix(']')?.trim().parse().ok()?,
        ),
        None => (text, 1),
    };
    let mut align = None;
    let mut bytes = None;
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        match word {
            ".align" if bytes.is_none() => align = words.next()?.parse().ok(),
            _ => bytes = bytes.or(size_of_type(word)),
        }
    }
    let bytes: u32 = bytes?;
    Some(Argument {
        bytes: bytes.checked_mul(elements)?,
        align: align.unwrap_or(bytes),
    })
}

fn size_of_type(word: &str) -> Option<u32> {
    match word {
        ".u8" | ".s8" | ".b8" => Some(1),
        ".u16" | ".s16" | ".b16" | ".f16" => Some(2),
        ".u32" | ".s32" | ".b32" | ".f32" | ".f16x2" => Some(4),
        ".u64" | ".s64" | ".b64" | ".f64" => Some(8),
        ".b128" => Some(16),
        _ => None,
    }
}
