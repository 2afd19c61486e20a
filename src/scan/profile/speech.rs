//! How a family speaks: the link, and what is sent to a scanner when it is attached.

use serde::Deserialize;

use super::{Link, Profile, check};
use crate::scan::feedback::{Evidence, FEEDBACK_MAX_BYTES, Feedback, FeedbackEntry, HexBytes};
use crate::scan::ssi::{self, Packet};

/// Most steps of an attachment: each costs a few milliseconds before the first beep.
pub const ATTACH_MAX: usize = 8;
/// How a Honeywell menu command begins: SYN M CR.
const HONEYWELL: &[u8] = b"\x16M\r";
/// How a Newland command begins.
const NEWLAND: &[u8] = b"\x7E\x010000";

/// What tells the beginning and the end of a read on a serial line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FrameKind {
    /// Start and end bytes.
    #[default]
    Delimited,
    /// Honeywell's header with the length; plain text is read too.
    HoneywellHeader,
}

/// One thing that is sent to a scanner when it is attached. It lasts until the scanner loses its power: a setting that
/// stays belongs on a sheet, and a scanner's permanent memory wears.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "AttachFile")]
pub struct AttachStep {
    /// What is set, in few words.
    pub title: String,
    /// What is written to the device; at most [`FEEDBACK_MAX_BYTES`].
    pub send: HexBytes,
    /// What it answers, if that is known: an ACK in it stands for the scanner's verdict.
    pub reply: Option<HexBytes>,
    /// Whether it is an SSI packet.
    pub is_ssi: bool,
    /// How it is known.
    pub evidence: Evidence,
    /// Where it was found, and what is not known.
    pub source: String,
}

/// A step as the file writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttachFile {
    title: String,
    send: Option<HexBytes>,
    reply: Option<HexBytes>,
    parameter: Option<u16>,
    value: Option<u8>,
    evidence: Evidence,
    source: String,
}

impl TryFrom<AttachFile> for AttachStep {
    type Error = String;

    fn try_from(file: AttachFile) -> Result<Self, String> {
        let AttachFile { title, send, reply, parameter, value, evidence, source } = file;
        let (send, is_ssi) = match (send, parameter, value) {
            (Some(send), None, None) => (send, false),
            (None, Some(parameter), Some(value)) => {
                let packet = Packet::parameter(parameter, value)
                    .ok_or_else(|| format!("SSI has no number for the parameter {parameter}"))?;
                (packet.encode().into(), true)
            }
            _ => return Err("either `send`, or `parameter` and `value`".to_owned()),
        };
        check(!is_ssi || reply.is_none(), "reply: SSI acknowledges every packet")?;
        Ok(Self { title, send, reply, is_ssi, evidence, source })
    }
}

impl Profile {
    /// Whether the scanner answers whatever it is told in a frame of its own, as Newland's do.
    pub fn answers_in_frames(&self) -> bool {
        let attach = self.attach.iter().map(|step| &step.send);
        let feedback =
            Feedback::ALL.into_iter().filter_map(|it| self.feedback.entry(it)).map(|entry| &entry.send);
        attach.chain(feedback).any(|send| send.as_slice().starts_with(NEWLAND))
    }

    /// What is wrong with the way it speaks.
    pub(super) fn check_speech(&self) -> Result<(), String> {
        check(matches!(self.ssi.extra_bytes, 0 | 3), "ssi.extra_bytes: 0 or 3")?;
        check(
            self.link == Link::Ssi || self.ssi == ssi::SsiTable::default(),
            "ssi: with link = \"ssi\" only",
        )?;
        check(
            self.frame.kind == FrameKind::Delimited || self.link == Link::Serial,
            "frame.kind: with link = \"serial\" only",
        )?;
        check(self.attach.len() <= ATTACH_MAX, "attach: at most 8")?;
        self.attach.iter().try_for_each(|step| {
            self.check_attach(step).map_err(|what| format!("attach \"{}\": {what}", step.title))
        })?;
        self.check_host_ack()
    }

    fn check_attach(&self, step: &AttachStep) -> Result<(), String> {
        let bytes = step.send.as_slice();
        check(!step.title.trim().is_empty(), "title: missing")?;
        check(!step.source.trim().is_empty(), "source: say where it was found")?;
        check((1..=FEEDBACK_MAX_BYTES).contains(&bytes.len()), "send: 1 to 64 bytes")?;
        check(
            step.is_ssi == (self.link == Link::Ssi),
            "`parameter` is of link = \"ssi\", `send` of the others",
        )?;
        check(
            step.reply.as_ref().is_none_or(|reply| reply.as_slice().contains(&0x06)),
            "reply: holds no ACK",
        )?;
        check(
            !bytes.starts_with(HONEYWELL) || bytes.ends_with(b"!"),
            "send: a Honeywell command that stays; end it with `!` (21)",
        )?;
        check(
            !bytes.starts_with(NEWLAND) || bytes.get(NEWLAND.len()) == Some(&b'#'),
            "send: a Newland command that stays; write `#` (23) before it",
        )
    }

    /// A scanner that waits for an answer after every read must get one, whatever came of it.
    fn check_host_ack(&self) -> Result<(), String> {
        let table = &self.feedback;
        let answers = [&table.accept, &table.look, &table.refuse, &table.stop, &table.release];
        if table.host_ack {
            check(
                answers.iter().all(|entry| entry.is_some()),
                "feedback.host_ack: needs accept, look, refuse, stop and release",
            )
        } else {
            check(table.release.is_none(), "feedback.release: with host_ack only")
        }
    }

    /// What is wrong with an entry for the way the scanner talks.
    pub(super) fn check_spoken(&self, entry: &FeedbackEntry) -> Result<(), String> {
        check(
            entry.is_ssi == (self.link == Link::Ssi),
            "`beep` and `lamp` are of link = \"ssi\", `send` of the others",
        )
    }
}
