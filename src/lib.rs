//! Casetrack knows where every paper casenote in a hospital is.
//!
//! # The way of a scan
//!
//! ```text
//! scanner ─ bytes → scan::port (two threads a device) → scan::hearing → bounded inbox of the session → desk::runner
//!   → domain::barcode (text → Code) → desk::session.on(Input, now) → Effect::Submit(Command, reply)
//!   → bounded queue → the writer thread of the store, many commands in one transaction:
//!         for each: load view, domain::decide, append scan and movements, fold into whereabouts; COMMIT, fsync
//!   → Outcome → session.on(Outcome) → Signal → beep and lamp on the scanner, desk page
//!   └ after COMMIT: live → SSE → pages patch one row
//! ```
//!
//! What a page shows comes by another way, and writes nothing:
//!
//! ```text
//! a request → web::auth (who may) → one read of the store → view structs of ready text → template
//! a movement → live → web::live (the hub: names once, then whom it concerns) → SSE → the page asks for itself again
//! once a minute: jobs::counts → pieces of the store → an Overview → the front page
//! a day → jobs::missing → pieces of the log up to its end → domain::missing → the figures of missing notes
//! every ten minutes: jobs::ahead → plans of open searches and of coming clinics → where to sweep next, what is doubtful
//! behind the scans: jobs::locating follows the log → counts, published → a plan for whoever asks: pages, API, `locate`
//! once a day: jobs::verifying walks the log, slowly → jobs::states (each part tells its own) → /state, /readyz, /metrics
//! once an hour: jobs::ways → what was added to the log → how long ways take → what is chased
//! a form → a print job in the store's queue → jobs::printing, a task a printer → labels → labels::print → paper
//! ```
//!
//! A librarian's act and the making up of a folder are the one thing but a scan that pages write: form → `web::acts` →
//! the writer's queue of forms → `domain::decide::settle` → answers, a label's folder, kept scans as movements at their
//! own time; or `domain::decide::make` → patient, casenote, volume and label, and no movement. It is a row of the same
//! log, at a desk of its own (`~WEB`), and what it says of a folder is *inferred*, not scanned.
//!
//! What other systems know comes in files, and never outranks a scan:
//!
//! ```text
//! a file → feeds (as its feed file says: rows, and reasons for those that cannot be) → all of it checked → piece by piece
//!   → the writer, behind the scans → the log; beside the file what was rejected. A dry run goes there and back
//! ```
//!
//! A search is opened by MISSING or by a page, and any scan of its folder ends it, in the scan's own transaction:
//!
//! ```text
//! MISSING or a form → domain::decide::search → steps, added and never changed → the row that says what is wanted now
//!   a scan of what is wanted → decide: what was asked, and beside it the ring → *look*; live → the library, who waits
//! ```
//!
//! A scanner finds its session so:
//!
//! ```text
//! what is plugged in → app::ports (whose it is: a block's, its pairing's, nobody's) → open, attached, locked or held
//!   a pairing card → desk::session (who is signed on?) → the scan with its pairing, in one transaction → refused scans
//! ```
//!
//! A label goes one way too: `labels::say` (what it says) → `labels::layout` (a scene in whole dots, or all that is wrong)
//! → PDF, SVG, PNG, ZPL, which decide nothing. So does the sheet that programmes a scanner: a profile of
//! `firmware-config` → `staging::plan` → `staging::sheet` → the same.
//!
//! Where a missing folder is looked for is reckoned, and writes nothing:
//!
//! ```text
//! what was learned, in that order → locate::Told → Counts · one folder's movements, calls, company → Case
//!   Ground + Counts + Case → every explanation's belief → weighed by what searches found → a Plan with reasons
//! ```
//!
//! A good beep means *on disk*: nothing is signalled, told or acknowledged before the commit returns. A session's task
//! owns the session, the writer thread owns the database, the hub's task owns who watches what, and nobody else owns
//! anything that changes but figures that are counted anew.
//!
//! # The walls
//!
//! `main → cli → app → all` · `web, jobs, feeds → desk's inbox, labels, store, live, domain`, `web → staging, jobs`, `jobs → locate` ·
//! `desk → scan, domain` · `store → live, domain` · `labels, live → domain` · `staging → scan, labels` ·
//! `locate → domain` · `scan → nothing of ours` · `domain → domain` · `sim → domain`. `jobs` are what happens without anybody asking; they
//! read the store in pieces, and write nothing but how far a print job has come, a file of counts, what a verification found,
//! and nothing into a text that was settled long ago. Anyone may use [`clock`], `config`'s
//! types and `observe`; `domain`, `desk::session`, `scan::hearing` with all it knows of framing, `labels::layout` and `locate` are
//! pure and take only the time type. Sockets to printers stand under `labels::print`. SQL stands under `store/` and
//! nowhere else. `tests/tidy.rs` fails on a broken wall.
//!
//! # Words
//!
//! A **casenote** is a patient's paper record under one number; a **volume** is one folder of it and what we track. A
//! **place** is anywhere a volume can be; a **container** is a place that moves. A **desk** stands at a place and has
//! scanners. A **scan** is one thing read or typed, with everything that came of it; a **movement** is what it changed
//! for one volume or container. Both are added, never changed. **Whereabouts** are what the movements add up to now.
//! A **signal** is what the desk tells the clerk; a **question** is what only a person can settle. A **kept** scan named
//! no folder: it becomes a movement once its label is a folder's. An **act** is what is asked of the log, by a scan or
//! by a librarian. *At* a place is what was scanned there; what was left, carried, imported or said *should be* there.
//!
//! A folder is **made up** when a clerk begins it: a new casenote, a further volume, a **temporary** one that stands in
//! for one that cannot be found. Who was **typed in** for it is **provisional** until an import tells of them.
//!
//! A scanner is **staged** when a sheet has programmed it and the **proof**, five symbols at the sheet's end, has shown
//! that it is ready, or which setting is not; an **interface** is how it shows up. What nobody has **confirmed** is never
//! printed unmarked. A scanner is **locked** while it belongs to no desk, or stands where another one did; a **pairing**
//! is what the card of its desk said of it.
//!
//! A **plan** says where a missing folder is looked for, in which order, and why: **cells** with their **chances**. An
//! **explanation** is what may have happened; the **counts** are what this hospital's log has taught of it.
//!
//! What is **asked** in a search is found in **stages**: exactly, beginning so, containing it. A **topic** is what a live
//! page watches: a place, a volume, a desk. A desk's **pulse** is how its scanners are; the **overview** is the hospital
//! in figures.
//!
//! A **cursor** is where the log stands: which life of it, and the number of its last movement. A text is **redacted** when it
//! is emptied, 90 days after it was **settled**. A **verification** rebuilds from the log what is where, and compares.
//!
//! A **class** is a way of being missing; figures are **as of** a day: what had been **learnt** by its end, whenever it
//! happened. A folder's **course** is how it came into a class and left it; its **leg** is the way it is on.
//!
//! A **search** is the open case of a folder that is not where it should be: the fold of its **steps**. A **look** is one
//! **spot** looked in, with its result; a search is **quiet** while nobody waits for the folder. What is searched for and
//! scanned has **turned up**: it **rings**, and where it was is asked. A **combine** is open from the moment that a temporary
//! folder and its original have both been scanned until COMBINE says that their papers are together.
//!
//! A **clinic list** says who is expected where and when; a folder is **wanted** for it. A **sweep** is scanning all that
//! stands on a shelf or in a room; a **stretch** of it is what one person scans without a break. What is **chased** is asked
//! after before anyone asks.
//!
//! A **feed file** says how another system writes its files; a **rehearsal** applies rows and takes them back, to say what
//! an import would do.
//!
//! A **stock** is what labels come on, a **template** what stands where on one; a **key** is what the bars say; a **module**
//! is the width of the narrowest bar, a whole number of dots. A **cover** label is scanned, a **spine** label is read.
//!
//! # What is deliberately absent
//!
//! No object-relational mapper, no JavaScript framework, no font, script or picture from outside. No way from the pages
//! into the log but a scan, a librarian's act, the making up of a folder and what is said of a search, and none that
//! changes or deletes what stands there. No sign-in yet: a badge says who, and the service answers its own machine alone
//! unless it is told otherwise. Nothing that is typed to find a folder takes a scan, and no total is counted for it. No
//! stream a tab, no event that names a patient. No list of people with counts. No bank holidays.
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod desk;
pub mod domain;
pub mod feeds;
pub mod jobs;
pub mod labels;
pub mod live;
pub mod locate;
pub mod observe;
pub mod scan;
pub mod sim;
pub mod staging;
pub mod store;
pub mod web;
