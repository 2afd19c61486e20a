//! Opening a terminal: serial lines, USB virtual COM, pseudo terminals.

use std::io;
use std::path::Path;

use serialport::{DataBits, ErrorKind, FlowControl, SerialPort, StopBits, TTYPort};

use super::device::{LostWhy, WRITE_MOST};
use super::profile::{Flow, Line, Parity};

/// Opens for this program alone (TIOCEXCL and flock), raw.
pub(super) fn open(path: &Path, line: &Line) -> Result<TTYPort, LostWhy> {
    let builder = serialport::new(path.to_string_lossy(), line.baud)
        .data_bits(if line.data == 7 { DataBits::Seven } else { DataBits::Eight })
        .parity(match line.parity {
            Parity::None => serialport::Parity::None,
            Parity::Odd => serialport::Parity::Odd,
            Parity::Even => serialport::Parity::Even,
        })
        .stop_bits(if line.stop == 2 { StopBits::Two } else { StopBits::One })
        .flow_control(match line.flow {
            Flow::None => FlowControl::None,
            Flow::RtsCts => FlowControl::Hardware,
            Flow::XonXoff => FlowControl::Software,
        })
        .dtr_on_open(line.dtr)
        .exclusive(true);
    TTYPort::open(&builder).map_err(|error| not_opened(&error))
}

/// A second handle for writing.
pub(super) fn outlet(port: &TTYPort) -> Result<TTYPort, LostWhy> {
    let mut outlet = port.try_clone_native().map_err(|error| not_opened(&error))?;
    outlet.set_timeout(WRITE_MOST).map_err(|error| not_opened(&error))?;
    Ok(outlet)
}

/// Whether the path leads to a pseudo terminal, which no terminal driver has spoilt before its opening.
pub(super) fn is_pseudo(path: &Path) -> bool {
    path.canonicalize().is_ok_and(|real| real.starts_with("/dev/pts"))
}

/// In serialport 4.10 `NoDevice` means EBUSY or a lock held by another program, not a missing device.
fn not_opened(error: &serialport::Error) -> LostWhy {
    match error.kind {
        ErrorKind::NoDevice => LostWhy::Busy,
        ErrorKind::Io(io::ErrorKind::NotFound) => LostWhy::Absent,
        ErrorKind::Io(io::ErrorKind::PermissionDenied) => LostWhy::NotAllowed,
        ErrorKind::InvalidInput | ErrorKind::Unknown | ErrorKind::Io(_) => LostWhy::Failed(error.to_string()),
    }
}
