use std::path::{Path, PathBuf};

use super::*;
use crate::clock::Clock;
use crate::store::space::Floors;
use crate::store::sqlite::open::{self, Safety};
use crate::store::sqlite::running::prepare;
use crate::store::story::{self, MORNING};
use crate::store::{Options, Store, Trust};

type Answer = oneshot::Receiver<Result<Outcome, NotRecorded>>;

/// A writer without its thread, on a small hospital.
struct Ground {
    dir: PathBuf,
    writer: Writer,
    health: watch::Receiver<Health>,
    /// Receives a folder.
    template: Command,
}

impl Ground {
    async fn lay(limit: impl FnOnce(&rusqlite::Connection)) -> Self {
        let dir = std::env::temp_dir().join(format!("casetrack-{}", uuid::Uuid::now_v7()));
        let (clock, hands) = Clock::manual(MORNING);
        let trust = Trust(story::code("RX1"));
        let options = Options {
            dir: dir.clone(),
            trust: trust.clone(),
            desks: story::desks(),
            clock: clock.clone(),
            live: Live::default(),
        };
        let store = Store::open(options).unwrap();
        let mut hospital = story::Hospital::open(store.clone(), trust.clone(), clock.clone(), hands).await;
        let act = crate::domain::command::Act::Receive(story::label("F1"));
        let template = hospital.command("LIB", "F1", act);
        store.stop().await;

        let (lock, conn) = prepare(&dir, &trust, Safety::OnDisk).unwrap();
        limit(&conn);
        let core = Core::new(conn, clock, story::desks()).unwrap();
        let (health_told, health) = watch::channel(Health::Writing);
        let tells = Tells {
            live: Live::default(),
            directory: watch::channel(core.directory.clone()).0,
            health: health_told,
            room: watch::channel(Room::UNKNOWN).0,
            queue: watch::channel(0).0,
            broken: Arc::default(),
        };
        let writer = Writer::new(core, tells, Gauge::new(dir.clone(), Floors::NONE), lock);
        Self { dir, writer, health, template }
    }

    fn scan(&self, number: u128) -> (Submission, Answer) {
        let mut command = self.template.clone();
        command.scan.id = crate::domain::ScanId::new(uuid::Uuid::from_u128(number));
        // Texts that stand aside fill the file quickly.
        command.scan.naming = crate::domain::command::Naming::Aside;
        command.scan.text = "9".repeat(200);
        let (reply, outcome) = oneshot::channel();
        ((command, reply), outcome)
    }

    async fn answered(&mut self, number: u128) -> Result<Outcome, NotRecorded> {
        let (late, outcome) = self.scan(number);
        self.writer.commands(vec![late]);
        outcome.await.unwrap()
    }

    fn keeps(&mut self, floors: Floors) {
        self.writer.gauge = Gauge::new(self.dir.clone(), floors);
    }

    fn end(self) {
        drop(self.writer);
        assert!(crate::store::verify(&self.dir).unwrap().is_sound());
        std::fs::remove_dir_all(&self.dir).unwrap();
    }
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_accepted_and_the_writer_stops_for_good() {
    let mut ground = Ground::lay(|conn| {
        let pages: i64 = conn.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        conn.query_row(&format!("PRAGMA max_page_count = {}", pages + 3), [], |_| Ok(())).unwrap();
    })
    .await;
    let (batch, outcomes): (Vec<_>, Vec<_>) = (1..=64).map(|number| ground.scan(number)).unzip();
    ground.writer.commands(batch);
    for outcome in outcomes {
        assert_eq!(outcome.await.unwrap().unwrap_err(), NotRecorded::Stopped);
    }
    assert!(matches!(&*ground.health.borrow(), Health::Stopped { why, .. } if why.contains("full")));
    assert_eq!(ground.answered(99).await.unwrap_err(), NotRecorded::Stopped);
    ground.end();
}

#[tokio::test]
async fn below_the_floors_imports_end_first_then_scans_and_what_has_begun_is_still_written() {
    let mut ground = Ground::lay(|_| ()).await;
    let ample = crate::store::space::free(&ground.dir).unwrap();
    let import = |ground: &mut Ground| {
        let (reply, mut answer) = oneshot::channel();
        let job = PieceJob { piece: Piece::Places(story::places()), noted: Noted::Nothing, reply };
        ground.writer.piece(job.into());
        answer.try_recv().unwrap()
    };
    // Half-way between the floors lies above what is free.
    ground.keeps(Floors { warn_below: ample * 4, stop_below: 1 });
    assert!(matches!(import(&mut ground), Err(StoreError::NoRoom { .. })));
    assert!(ground.answered(1).await.is_ok(), "scans go on");
    assert_eq!(*ground.health.borrow(), Health::Writing);

    ground.keeps(Floors { warn_below: ample * 8, stop_below: ample * 4 });
    assert_eq!(ground.answered(2).await.unwrap_err(), NotRecorded::Stopped);
    assert!(matches!(*ground.health.borrow(), Health::Full { .. }));
    let (reply, answer) = oneshot::channel();
    ground.writer.queue(QueueJob { act: QueueAct::Forsake(Vec::new()), reply });
    assert!(answer.await.unwrap().is_ok());
    let (reply, answer) = oneshot::channel();
    ground.writer.queue(QueueJob { act: QueueAct::Take(uuid::Uuid::from_u128(1)), reply });
    assert!(matches!(answer.await.unwrap(), Err(StoreError::NoRoom { .. })));

    ground.keeps(Floors::NONE);
    assert!(ground.answered(2).await.is_ok(), "the same scan, sent again");
    assert_eq!(*ground.health.borrow(), Health::Writing);
    assert!(import(&mut ground).is_ok());
    ground.end();
}

fn reader_in_the_log(dir: &Path) -> rusqlite::Connection {
    let reader = open::reader(dir).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let _: i64 = reader.query_row("SELECT one FROM meta", [], |row| row.get(0)).unwrap();
    reader
}

#[tokio::test(start_paused = true)]
async fn while_a_reader_stands_in_a_long_log_scans_go_on_and_imports_wait() {
    let mut ground = Ground::lay(|_| ()).await;
    let reader = reader_in_the_log(&ground.dir);
    assert!(ground.answered(1).await.is_ok());
    let (scans_in, scans) = mpsc::channel(1);
    let (_forms_in, forms) = mpsc::channel(1);
    let (_queue_in, queue) = mpsc::channel(1);
    let (pieces_in, pieces) = mpsc::channel(1);
    let (_upkeep_in, upkeep) = mpsc::channel(1);
    let (_stop, stop) = oneshot::channel();
    let mut inboxes = Inboxes { scans, forms, queue, pieces, upkeep, stop };
    let mut looks = tokio::time::interval(LOOK_EVERY);
    let piece = Piece::Places(Vec::new());
    let piece = PieceJob { piece, noted: Noted::Nothing, reply: oneshot::channel().0 };
    pieces_in.try_send(piece).map_err(|_| "full").unwrap();

    ground.writer.core.counters.wal_bytes.store(RESET_AT_LATEST, Ordering::Relaxed);
    ground.writer.tend_log(&inboxes);
    assert!(matches!(ground.writer.log, Standing::Long(_)));
    assert!(
        matches!(next(&mut inboxes, &mut None, &mut looks, ground.writer.log).await, Work::Look),
        "no import"
    );
    scans_in.try_send(ground.scan(2).0).map_err(|_| "full").unwrap();
    assert!(matches!(next(&mut inboxes, &mut None, &mut looks, ground.writer.log).await, Work::Commands(_)));

    drop(reader);
    tokio::time::advance(TRY_AGAIN_AFTER).await;
    ground.writer.tend_log(&inboxes);
    assert!(ground.writer.log == Standing::Free, "begun anew");
    assert!(matches!(next(&mut inboxes, &mut None, &mut looks, ground.writer.log).await, Work::Piece(_)));
    ground.end();
}
