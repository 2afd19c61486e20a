//! Clerks at their desks: each posts one scan after the other over a kept connection and remembers every answer.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use uuid::Uuid;

use super::hospital::{Hospital, PLACES, card, desk, place_of, volume};
use super::http::{Client, Reply};
use super::random::Random;

/// Command cards that the script uses.
const END: usize = 1;
const RECEIVE: usize = 2;
const WHERE: usize = 10;

/// One scan that was answered.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The scan.
    pub id: Uuid,
    /// What was read.
    pub text: String,
    /// The answer.
    pub reply: Reply,
}

/// What the clerk knows to be open at the desk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Open {
    /// The next folders are sent.
    Sending,
    /// Nothing, or RECEIVE.
    Nothing,
    /// A card was on its way when the line broke.
    Unsure,
}

/// A clerk.
#[derive(Debug)]
pub struct Clerk {
    /// The desk.
    pub desk: String,
    /// Everything answered with a signal.
    pub heard: Vec<Heard>,
    /// The scan that got no such answer.
    pub in_flight: Option<(Uuid, String)>,
    /// The answer that ended the clerk's work, if any came.
    pub sent_away: Option<Reply>,
    /// What is open.
    pub open: Open,
    /// Every scan put on the wire, by the connection's own port, in order.
    pub wire: Vec<(u16, Uuid)>,
    random: Random,
    volumes: Vec<String>,
    places: Vec<&'static str>,
    script: Vec<String>,
    used: Vec<String>,
}

impl Clerk {
    /// One clerk a desk.
    pub fn all(hospital: &Hospital, random: &Random) -> Vec<Self> {
        (0..hospital.size().desks)
            .map(|number| Self {
                desk: desk(number),
                heard: Vec::new(),
                in_flight: None,
                sent_away: None,
                open: Open::Nothing,
                wire: Vec::new(),
                random: random.branch(u64::try_from(number).unwrap()),
                volumes: (0..hospital.size().volumes).map(volume).collect(),
                places: PLACES
                    .map(|(code, _, _)| code)
                    .into_iter()
                    .filter(|code| *code != place_of(number))
                    .collect(),
                script: Vec::new(),
                used: Vec::new(),
            })
            .collect()
    }

    /// Scans until the line breaks, the server refuses to take scans, or `limit` scans are answered.
    pub fn work(&mut self, server: SocketAddr, limit: usize, accepted: &AtomicUsize) {
        self.script = vec![card(END)];
        let Ok(mut client) = Client::connect(server) else { return };
        for _ in 0..limit {
            let text = self.next_text();
            if !self.post(&mut client, Uuid::now_v7(), &text) {
                return;
            }
            accepted.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Posts one scan; whether it was answered with a signal.
    pub fn post(&mut self, client: &mut Client, id: Uuid, text: &str) -> bool {
        self.in_flight = Some((id, text.to_owned()));
        self.wire.push((client.port(), id));
        let before = self.open;
        if self.is_card(text) {
            self.open = Open::Unsure;
        }
        let Ok(reply) = client.scan(&self.desk, id, text) else { return false };
        if reply.status != 200 {
            self.sent_away = Some(reply);
            return false;
        }
        self.in_flight = None;
        self.open = self.open_after(before, text, &reply);
        self.heard.push(Heard { id, text: text.to_owned(), reply });
        true
    }

    /// A folder that this clerk has not had lately.
    pub fn fresh_folder(&mut self) -> String {
        if self.used.len() > self.volumes.len() / 2 {
            self.used.clear();
        }
        loop {
            let volume = self.random.pick(&self.volumes).clone();
            if !self.used.contains(&volume) {
                self.used.push(volume.clone());
                return volume;
            }
        }
    }

    fn is_card(&self, text: &str) -> bool {
        text.starts_with('C') || self.places.contains(&text)
    }

    fn open_after(&self, before: Open, text: &str, reply: &Reply) -> Open {
        let signal = reply.field("signal");
        match (self.is_card(text), signal.as_str()) {
            (true, "told" | "look") if self.places.contains(&text) => Open::Sending,
            (true, "told") if text == card(WHERE) => before,
            (true, "told") => Open::Nothing,
            (false, "refused") if reply.body.contains("ended") => Open::Nothing,
            (false, "stop") | (true, _) => Open::Unsure,
            (false, _) => before,
        }
    }

    fn next_text(&mut self) -> String {
        if self.script.is_empty() {
            self.script = self.next_act();
            self.script.reverse();
        }
        self.script.pop().unwrap()
    }

    /// A card, some folders, an end; now and then a question or a label that nobody knows.
    fn next_act(&mut self) -> Vec<String> {
        let folders = self.random.between(3, 6);
        let first =
            if self.random.one_in(2) { card(RECEIVE) } else { (*self.random.pick(&self.places)).to_owned() };
        let mut act = vec![first];
        for _ in 0..folders {
            match self.random.below(20) {
                0 => act.push(card(WHERE)),
                1 => act.push(format!("X-{}", self.random.below(100_000))),
                _ => {}
            }
            act.push(self.fresh_folder());
        }
        act.push(card(END));
        act
    }
}

/// Lets all clerks work at once until each has stopped; `meanwhile` runs beside them.
pub fn work_at_once(
    clerks: &mut [Clerk],
    server: SocketAddr,
    limit: usize,
    meanwhile: impl FnOnce(&AtomicUsize),
) {
    let accepted = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for clerk in clerks.iter_mut() {
            let accepted = &accepted;
            scope.spawn(move || clerk.work(server, limit, accepted));
        }
        meanwhile(&accepted);
    });
}
