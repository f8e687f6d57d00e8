//! What a disk may hold when the power goes, computed from what was done to it.

use std::collections::HashMap;

use super::vfs::{Part, Step};

/// Numbers that only look random: the same seed throws the same ones.
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// One of 0 to `below - 1`.
    pub fn below(&mut self, below: usize) -> usize {
        (self.next() % below.max(1) as u64) as usize
    }

    pub fn coin(&mut self) -> bool {
        self.next() & 1 == 1
    }
}

/// What becomes of writes that were not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Nothing,
    All,
    Some,
    /// The first ones, and a part of the next.
    Torn,
    /// Each block of 512 bytes by itself.
    Sectors,
}

impl Fate {
    pub const ALL: [Fate; 5] = [Fate::Nothing, Fate::All, Fate::Some, Fate::Torn, Fate::Sectors];
}

#[derive(Debug, Clone)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Truncate(usize),
}

impl Change {
    fn apply(&self, to: &mut Vec<u8>) {
        match self {
            Change::Write { at, bytes } => put(to, *at, bytes),
            Change::Truncate(length) => to.resize(*length, 0),
        }
    }
}

fn put(to: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if to.len() < at + bytes.len() {
        to.resize(at + bytes.len(), 0);
    }
    to[at..at + bytes.len()].copy_from_slice(bytes);
}

#[derive(Debug, Default, Clone)]
struct Content {
    durable: Vec<u8>,
    pending: Vec<Change>,
    /// A new log or journal takes its folder along at its first sync.
    was_synced: bool,
}

/// The files of one power cut.
pub type Image = HashMap<Part, Vec<u8>>;

/// A disk, step by step.
#[derive(Debug, Clone)]
pub struct Replay {
    contents: Vec<Content>,
    /// Names as the program sees them.
    now: HashMap<Part, usize>,
    /// Names as they are on the disk.
    durable: HashMap<Part, usize>,
    /// What happened to names since the folder was synced.
    renamed: Vec<(Part, Option<usize>)>,
    dice: Dice,
}

impl Replay {
    /// A disk on which a database lies safely.
    pub fn of(database: Vec<u8>, seed: u64) -> Replay {
        let content = Content { durable: database, pending: Vec::new(), was_synced: true };
        let names = HashMap::from([(Part::Main, 0)]);
        Replay { contents: vec![content], now: names.clone(), durable: names, renamed: Vec::new(), dice: Dice(seed) }
    }

    pub fn apply(&mut self, step: &Step) {
        match step {
            Step::Create(part) => {
                self.contents.push(Content::default());
                self.name(*part, Some(self.contents.len() - 1));
            }
            Step::Write { part, at, bytes } => {
                self.change(*part, Change::Write { at: *at, bytes: bytes.clone() });
            }
            Step::Truncate { part, to } => self.change(*part, Change::Truncate(*to)),
            Step::Sync(part) => {
                let content = &mut self.contents[self.now[part]];
                content.pending.drain(..).for_each(|change| change.apply(&mut content.durable));
                if !std::mem::replace(&mut content.was_synced, true) {
                    self.sync_folder();
                }
            }
            Step::FailedSync(part) => {
                let content = &mut self.contents[self.now[part]];
                for change in content.pending.drain(..) {
                    if matches!(change, Change::Truncate(_)) || self.dice.coin() {
                        change.apply(&mut content.durable);
                    }
                }
            }
            Step::Delete { part, synced } => {
                self.name(*part, None);
                if *synced {
                    self.sync_folder();
                }
            }
            Step::Ack(_) => {}
        }
    }

    fn change(&mut self, part: Part, change: Change) {
        self.contents[self.now[&part]].pending.push(change);
    }

    fn name(&mut self, part: Part, content: Option<usize>) {
        set(&mut self.now, part, content);
        self.renamed.push((part, content));
    }

    fn sync_folder(&mut self) {
        for (part, content) in self.renamed.drain(..) {
            set(&mut self.durable, part, content);
        }
    }

    /// What lies on the disk when the power goes now. Names reach it in order; contents as `fate` says.
    pub fn cut(&mut self, fate: Fate) -> Image {
        let kept = match fate {
            Fate::Nothing => 0,
            Fate::All => self.renamed.len(),
            _ => self.dice.below(self.renamed.len() + 1),
        };
        let mut names = self.durable.clone();
        for (part, content) in &self.renamed[..kept] {
            set(&mut names, *part, *content);
        }
        names.into_iter().map(|(part, content)| (part, self.contents[content].cut(fate, &mut self.dice))).collect()
    }
}

fn set(names: &mut HashMap<Part, usize>, part: Part, content: Option<usize>) {
    match content {
        Some(content) => names.insert(part, content),
        None => names.remove(&part),
    };
}

impl Content {
    fn cut(&self, fate: Fate, dice: &mut Dice) -> Vec<u8> {
        const SECTOR: usize = 512;
        let mut bytes = self.durable.clone();
        match fate {
            Fate::Nothing => {}
            Fate::All => self.pending.iter().for_each(|change| change.apply(&mut bytes)),
            Fate::Some => self.pending.iter().filter(|_| dice.coin()).for_each(|change| change.apply(&mut bytes)),
            Fate::Torn => {
                let whole = dice.below(self.pending.len());
                self.pending.iter().take(whole).for_each(|change| change.apply(&mut bytes));
                if let Some(Change::Write { at, bytes: last }) = self.pending.get(whole) {
                    put(&mut bytes, *at, &last[..dice.below(last.len())]);
                }
            }
            Fate::Sectors => {
                for change in &self.pending {
                    match change {
                        Change::Truncate(_) if dice.coin() => change.apply(&mut bytes),
                        Change::Truncate(_) => {}
                        Change::Write { at, bytes: written } => {
                            for (number, sector) in written.chunks(SECTOR).enumerate().filter(|_| dice.coin()) {
                                put(&mut bytes, at + number * SECTOR, sector);
                            }
                        }
                    }
                }
            }
        }
        bytes
    }
}
