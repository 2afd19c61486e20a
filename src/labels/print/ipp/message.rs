//! IPP messages as bytes (RFC 8010), as far as three operations need them.

/// The version that every printer knows.
const VERSION: [u8; 2] = [1, 1];
/// Ends the attributes.
const END: u8 = 0x03;
/// Tags below this one begin a group.
const FIRST_VALUE_TAG: u8 = 0x10;

/// What is asked (RFC 8011, 5.4.15).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operation {
    /// Print a document.
    PrintJob,
    /// How a job is.
    GetJobAttributes,
    /// How a printer is.
    GetPrinterAttributes,
}

impl Operation {
    const fn number(self) -> u16 {
        match self {
            Self::PrintJob => 0x0002,
            Self::GetJobAttributes => 0x0009,
            Self::GetPrinterAttributes => 0x000B,
        }
    }
}

/// What kind of value follows (RFC 8010, 3.5.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tag {
    /// What the operation itself needs.
    OperationGroup,
    /// What the job is to be.
    JobGroup,
    /// A name for people.
    Name,
    /// A word of the standard.
    Keyword,
    /// An address.
    Uri,
    /// A character set.
    Charset,
    /// A language.
    Language,
    /// A kind of document.
    MimeType,
    /// A number.
    Integer,
    /// The beginning of a group of values.
    BeginCollection,
    /// The name of the value that follows.
    MemberName,
    /// The end of the group.
    EndCollection,
}

impl Tag {
    const fn byte(self) -> u8 {
        match self {
            Self::OperationGroup => 0x01,
            Self::JobGroup => 0x02,
            Self::Integer => 0x21,
            Self::BeginCollection => 0x34,
            Self::EndCollection => 0x37,
            Self::Name => 0x42,
            Self::Keyword => 0x44,
            Self::Uri => 0x45,
            Self::Charset => 0x47,
            Self::Language => 0x48,
            Self::MimeType => 0x49,
            Self::MemberName => 0x4A,
        }
    }
}

/// A question on its way to being bytes.
#[derive(Debug)]
pub struct Question(Vec<u8>);

impl Question {
    /// Begins one about this printer.
    pub fn new(operation: Operation, printer: &str) -> Self {
        let mut bytes = VERSION.to_vec();
        bytes.extend(operation.number().to_be_bytes());
        bytes.extend(1u32.to_be_bytes());
        Self(bytes)
            .group(Tag::OperationGroup)
            .text(Tag::Charset, "attributes-charset", "utf-8")
            .text(Tag::Language, "attributes-natural-language", "en")
            .text(Tag::Uri, "printer-uri", printer)
    }

    /// Begins a group.
    pub fn group(mut self, tag: Tag) -> Self {
        self.0.push(tag.byte());
        self
    }

    /// Adds a text. An empty name adds a value to the attribute before.
    pub fn text(mut self, tag: Tag, name: &str, value: &str) -> Self {
        self.value(tag, name, value.as_bytes());
        self
    }

    /// Adds a number.
    pub fn number(mut self, name: &str, value: i32) -> Self {
        self.value(Tag::Integer, name, &value.to_be_bytes());
        self
    }

    /// Adds an attribute that is a group of one value.
    pub fn collected(mut self, name: &str, member: &str, value: &str) -> Self {
        self.value(Tag::BeginCollection, name, b"");
        self.value(Tag::MemberName, "", member.as_bytes());
        self.value(Tag::Keyword, "", value.as_bytes());
        self.value(Tag::EndCollection, "", b"");
        self
    }

    /// The bytes, with the document behind.
    pub fn with(mut self, document: &[u8]) -> Vec<u8> {
        self.0.push(END);
        self.0.extend_from_slice(document);
        self.0
    }

    /// Lengths are of two bytes: what is longer, and nothing of ours is, is cut.
    fn value(&mut self, tag: Tag, name: &str, value: &[u8]) {
        self.0.push(tag.byte());
        for part in [name.as_bytes(), value] {
            let length = u16::try_from(part.len()).unwrap_or(u16::MAX);
            self.0.extend(length.to_be_bytes());
            self.0.extend(part.iter().take(usize::from(length)));
        }
    }
}

/// An answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// How it went: below 0x0100 well.
    pub status: u16,
    attributes: Vec<(String, Vec<Vec<u8>>)>,
}

impl Answer {
    /// Reads one; `None` for what is none.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.get(2..)?;
        let status = word(&mut rest)?;
        rest = rest.get(4..)?;
        let mut attributes: Vec<(String, Vec<Vec<u8>>)> = Vec::new();
        loop {
            let (tag, behind) = rest.split_first()?;
            rest = behind;
            match *tag {
                END => return Some(Self { status, attributes }),
                tag if tag < FIRST_VALUE_TAG => {}
                _ => {
                    let name = String::from_utf8_lossy(field(&mut rest)?).into_owned();
                    let value = field(&mut rest)?.to_vec();
                    match attributes.last_mut().filter(|_| name.is_empty()) {
                        Some((_, values)) => values.push(value),
                        None => attributes.push((name, vec![value])),
                    }
                }
            }
        }
    }

    /// The values of an attribute that are texts.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values(name).filter_map(|value| std::str::from_utf8(value).ok())
    }

    /// An attribute that is a number.
    pub fn number(&self, name: &str) -> Option<i32> {
        let value = self.values(name).next()?;
        Some(i32::from_be_bytes(value.try_into().ok()?))
    }

    /// An attribute that is yes or no.
    pub fn says_no(&self, name: &str) -> bool {
        self.values(name).next() == Some([0u8].as_slice())
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let found = self.attributes.iter().filter(move |(each, _)| each == name);
        found.flat_map(|(_, values)| values).map(Vec::as_slice)
    }
}

fn word(rest: &mut &[u8]) -> Option<u16> {
    let (word, behind) = rest.split_first_chunk::<2>()?;
    *rest = behind;
    Some(u16::from_be_bytes(*word))
}

fn field<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::from(word(rest)?);
    let (field, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Vec<u8> {
        Question::new(Operation::PrintJob, "ipp://h/p")
            .number("job-id", 7)
            .group(Tag::JobGroup)
            .text(Tag::Keyword, "requested-attributes", "job-state")
            .text(Tag::Keyword, "", "job-state-reasons")
            .collected("media-col", "media-source", "tray-2")
            .with(b"%PDF")
    }

    #[test]
    fn what_is_written_reads_back() {
        let read = Answer::read(&asked()).unwrap();
        assert_eq!(read.status, 2, "the place of the status is the operation's in a question");
        assert_eq!(read.number("job-id"), Some(7));
        let wanted: Vec<_> = read.texts("requested-attributes").collect();
        assert_eq!(wanted, ["job-state", "job-state-reasons"]);
        assert_eq!(read.texts("media-col").collect::<Vec<_>>(), ["", "media-source", "tray-2", ""]);
    }

    #[test]
    fn no_cut_answer_is_taken_for_one() {
        let bytes = asked();
        let whole = bytes.len() - b"%PDF".len();
        for cut in 0..whole {
            assert_eq!(Answer::read(&bytes[..cut]), None, "{cut}");
        }
    }
}
