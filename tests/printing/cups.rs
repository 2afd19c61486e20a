//! Labels by way of a real print server, on this machine and with nothing of this machine's own: a PDF that arrives
//! whole and unscaled, a queue that is paused, a printer that takes no PDF, a program that dies while it waits.

use crate::common;
use crate::printed;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use casetrack::domain::printing::JobState;
use casetrack::labels::print::Setup;
use printed::{HASTY, House, setup};
use tokio::net::TcpStream;

/// Longest wait for the print server to listen.
const WAIT: Duration = Duration::from_secs(20);
/// Where the print server's own parts are.
const SERVER_BIN: &str = "/usr/lib/cups";
/// Keeps what a printer would have got, and how it was asked to print it; under its own name once it is whole.
const BACKEND: &str = "#!/bin/sh
[ $# -eq 0 ] && { echo 'direct keep \"Keeps\" \"Keeps\"'; exit 0; }
kept=\"${DEVICE_URI#keep:}/$1\"
echo \"$5\" > \"$kept.options\"
cat \"${6:--}\" > \"$kept.part\" && mv \"$kept.part\" \"$kept.pdf\"
";

/// A print server of the test's own.
struct PrintServer {
    folder: common::Folder,
    port: u16,
    child: Child,
}

impl Drop for PrintServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl PrintServer {
    async fn start() -> Self {
        let cupsd = ["/usr/sbin/cupsd", "/usr/bin/cupsd"].into_iter().find(|path| Path::new(path).exists());
        let cupsd = cupsd.unwrap_or_else(|| panic!("no cupsd: apt-get install cups cups-client"));
        let folder = common::Folder::new();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        furnish(&folder.0, port);
        let log = std::fs::File::create(folder.0.join("out.log")).unwrap();
        let child = Command::new(cupsd)
            .arg("-f")
            .arg("-c")
            .arg(folder.0.join("cupsd.conf"))
            .arg("-s")
            .arg(folder.0.join("cups-files.conf"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let server = Self { folder, port, child };
        let listening = async {
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let is_there = tokio::time::timeout(WAIT, listening).await.is_ok();
        assert!(is_there, "the print server does not listen: {}", server.log());
        server
    }

    fn log(&self) -> String {
        let read = |name: &str| std::fs::read_to_string(self.folder.0.join(name)).unwrap_or_default();
        read("out.log") + &read("error_log")
    }

    fn setup(&self, printer: &str, more: &str) -> Setup {
        let via = format!("ipp://127.0.0.1:{}/printers/{printer}", self.port);
        setup(&via, &format!("dpi = 600\ncolours = \"ten\"\n{more}"))
    }

    /// As an administrator: `cupsdisable`, `cupsenable`.
    fn administer(&self, command: &str) {
        let done = Command::new(Path::new("/usr/sbin").join(command))
            .args(["-h", &format!("127.0.0.1:{}", self.port), "Labels"])
            .env("HOME", &self.folder.0)
            .output()
            .unwrap_or_else(|error| panic!("{command}: {error}: apt-get install cups-client"));
        assert!(done.status.success(), "{command}: {done:?} {}", self.log());
    }

    /// What came out.
    fn kept(&self, ending: &str) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.folder.0.join("kept")).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let mut kept: Vec<_> =
            paths.filter(|path| path.extension().is_some_and(|each| each == ending)).collect();
        kept.sort();
        kept
    }
}

/// Everything that a print server needs, in one folder.
fn furnish(folder: &Path, port: u16) {
    let dir = folder.display();
    for name in ["bin/backend", "ppd", "spool/tmp", "cache", "state", "kept"] {
        std::fs::create_dir_all(folder.join(name)).unwrap();
    }
    // What runs a backend is the print server's own.
    for name in ["daemon", "filter"] {
        std::os::unix::fs::symlink(Path::new(SERVER_BIN).join(name), folder.join("bin").join(name)).unwrap();
    }
    let write = |name: &str, text: &str, mode: u32| {
        std::fs::write(folder.join(name), text).unwrap();
        std::fs::set_permissions(folder.join(name), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    write("bin/backend/keep", BACKEND, 0o755);
    for (name, format) in [("Labels", "application/pdf"), ("Odd", "application/vnd.casetrack-odd")] {
        write(&format!("ppd/{name}.ppd"), &ppd(name, format), 0o644);
    }
    let printer = |name: &str| {
        format!(
            "<Printer {name}>\nInfo {name}\nDeviceURI keep:{dir}/kept\nState Idle\nAccepting Yes\n</Printer>\n"
        )
    };
    write("printers.conf", &(printer("Labels") + &printer("Odd")), 0o600);
    write(
        "cups-files.conf",
        &format!(
            "ServerRoot {dir}\nServerBin {dir}/bin\nRequestRoot {dir}/spool\nTempDir {dir}/spool/tmp\nCacheDir {dir}/cache\n\
             StateDir {dir}/state\nErrorLog {dir}/error_log\nAccessLog {dir}/access_log\nPageLog {dir}/page_log\n\
             LogFilePerm 0644\nSandboxing relaxed\n"
        ),
        0o644,
    );
    write(
        "cupsd.conf",
        &format!(
            "Listen 127.0.0.1:{port}\nLogLevel warn\nBrowsing No\nDefaultAuthType None\nWebInterface No\n\
             <Location />\nOrder allow,deny\nAllow from 127.0.0.1\n</Location>\n\
             <Policy default>\n<Limit All>\nOrder deny,allow\nAllow from 127.0.0.1\n</Limit>\n</Policy>\n"
        ),
        0o644,
    );
    everybody_may_write(folder);
}

/// Where the test runs as root, the print server runs its parts as somebody else.
fn everybody_may_write(folder: &Path) {
    for name in ["kept", "spool", "spool/tmp", "cache", "state"] {
        std::fs::set_permissions(folder.join(name), std::fs::Permissions::from_mode(0o777)).unwrap();
    }
}

/// A printer that takes this format as it is.
fn ppd(name: &str, format: &str) -> String {
    format!(
        "*PPD-Adobe: \"4.3\"\n*FormatVersion: \"4.3\"\n*FileVersion: \"1.0\"\n*LanguageVersion: English\n\
         *LanguageEncoding: ISOLatin1\n*PCFileName: \"KEEP.PPD\"\n*Manufacturer: \"Casetrack\"\n*Product: \"({name})\"\n\
         *ModelName: \"{name}\"\n*ShortNickName: \"{name}\"\n*NickName: \"{name}\"\n*PSVersion: \"(3010.000) 0\"\n\
         *LanguageLevel: \"3\"\n*ColorDevice: True\n*DefaultColorSpace: RGB\n*cupsFilter2: \"{format} {format} 0 -\"\n\
         *OpenUI *PageSize/Size: PickOne\n*DefaultPageSize: A4\n*PageSize A4: \"\"\n*CloseUI: *PageSize\n\
         *OpenUI *PageRegion/Size: PickOne\n*DefaultPageRegion: A4\n*PageRegion A4: \"\"\n*CloseUI: *PageRegion\n\
         *DefaultImageableArea: A4\n*ImageableArea A4: \"0 0 595 842\"\n\
         *DefaultPaperDimension: A4\n*PaperDimension A4: \"595 842\"\n\
         *OpenUI *InputSlot/Tray: PickOne\n*DefaultInputSlot: Tray1\n*InputSlot Tray1/Tray 1: \"\"\n\
         *InputSlot Tray2/Tray 2: \"\"\n*CloseUI: *InputSlot\n"
    )
}

#[tokio::test]
async fn a_pdf_arrives_whole_unscaled_and_from_the_tray_of_its_stock() {
    let server = PrintServer::start().await;
    let tray = "[[printer.tray]]\nsource = \"tray-2\"\nstock = \"L7160\"\n";
    let house = House::open(server.setup("Labels", tray), HASTY).await;
    let id = house.print(1, "L7160", &["F1", "F2"]).await;
    let job = house.comes_to(id, JobState::Sent).await;
    assert_eq!(
        job.said.as_deref(),
        Some("The print server has passed it on to the printer."),
        "not: printed"
    );
    assert!(job.remote.is_some());
    let [kept] = server.kept("pdf").try_into().unwrap();
    let pdf = std::fs::read(kept).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.trim_ascii_end().ends_with(b"%%EOF"));
    let [options] = server.kept("options").try_into().unwrap();
    let options = std::fs::read_to_string(options).unwrap();
    for wanted in ["print-scaling=none", "sides=one-sided", "InputSlot=Tray2"] {
        assert!(options.contains(wanted), "{wanted}: {options}");
    }
    house.stop().await;
}

#[tokio::test]
async fn a_paused_queue_is_told_and_its_jobs_wait_here() {
    let server = PrintServer::start().await;
    server.administer("cupsdisable");
    let house = House::open(server.setup("Labels", ""), HASTY).await;
    let id = house.print(1, "L7160", &["F1"]).await;
    house.told("Paused at the print server").await;
    assert_eq!(house.job(id).await.state, JobState::Queued);
    assert_eq!(server.kept("pdf").len(), 0);
    server.administer("cupsenable");
    house.comes_to(id, JobState::Sent).await;
    house.told("").await;
    assert_eq!(server.kept("pdf").len(), 1);
    house.stop().await;
}

#[tokio::test]
async fn a_printer_that_takes_no_pdf_is_told_and_gets_none() {
    let server = PrintServer::start().await;
    let house = House::open(server.setup("Odd", ""), HASTY).await;
    let id = house.print(1, "L7160", &["F1"]).await;
    let job = house.comes_to(id, JobState::Failed).await;
    assert!(job.said.unwrap().starts_with("It does not take PDF"));
    assert_eq!(server.kept("pdf").len(), 0);
    house.stop().await;
    let house = House::open(server.setup("Nobody", ""), HASTY).await;
    house.print(1, "L7160", &["F1"]).await;
    house.told("The print server does not know it").await;
    house.stop().await;
}

#[tokio::test]
async fn a_program_that_dies_asks_the_print_server_and_not_the_clerk() {
    let server = PrintServer::start().await;
    let mut house = House::open(server.setup("Labels", ""), HASTY).await;
    let first = house.print(1, "L7160", &["F1"]).await;
    house.comes_to(first, JobState::Sent).await;
    // The printer stops when the job is there already.
    std::fs::write(
        server.folder.0.join("bin/backend/keep"),
        "#!/bin/sh\n[ $# -eq 0 ] && exit 0\nexec sleep 60\n",
    )
    .unwrap();
    let id = house.print(2, "L7160", &["F2"]).await;
    house.until(id, |job| job.remote.is_some()).await;
    house.die_and_rise(server.setup("Labels", "")).await;
    let job = house.job(id).await;
    assert!(job.state == JobState::Sent && job.is_being_sent, "{job:?}");
    let remote = job.remote.unwrap();
    let cancelled = Command::new("cancel")
        .args(["-h", &format!("127.0.0.1:{}", server.port), &remote])
        .env("HOME", &server.folder.0)
        .output()
        .unwrap();
    assert!(cancelled.status.success(), "{cancelled:?}");
    let job = house.comes_to(id, JobState::Failed).await;
    assert_eq!(job.said.as_deref(), Some("It was given up at the print server."));
    assert_eq!(server.kept("pdf").len(), 1);
    house.stop().await;
}
