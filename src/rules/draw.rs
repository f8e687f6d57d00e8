//! Draws by lot that can be repeated: the seed and the algorithm's name are kept with every draw (section 3.6 \[C\]).

/// Name of the generator and the shuffle, to be stored beside the seed.
pub const ALGORITHM: &str = "splitmix64-fy-1";

/// One draw. The same seed and the same calls give the same lots on every machine.
///
/// ```
/// use athsys::rules::draw::Draw;
/// assert_eq!(Draw::seeded(1_234_567).next(), 6_457_827_717_110_365_317);
/// ```
#[derive(Debug, Clone)]
pub struct Draw {
    state: u64,
}

impl Draw {
    /// The draw of this seed (TR20.4; section 3.6 \[C\]).
    ///
    /// ```
    /// use athsys::rules::draw::Draw;
    /// assert_eq!(Draw::seeded(7).next(), Draw::seeded(7).next());
    /// ```
    pub fn seeded(seed: u64) -> Draw {
        Draw { state: seed }
    }

    /// The next number (SplitMix64) (section 3.6 \[C\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::draw::Draw::seeded(1_234_567).next(), 6_457_827_717_110_365_317);
    /// ```
    #[expect(clippy::should_implement_trait, reason = "an endless draw is no iterator to loop over")]
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`, each equally likely; 0 when `n` is 0 (section 3.6 \[C\]).
    ///
    /// ```
    /// use athsys::rules::draw::Draw;
    /// assert!((0..100).map(|seed| Draw::seeded(seed).below(3)).all(|lot| lot < 3));
    /// ```
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        // The part above the last multiple of n would favour small numbers.
        let excess = (u64::MAX % n + 1) % n;
        loop {
            let value = self.next();
            if value <= u64::MAX - excess {
                return value % n;
            }
        }
    }

    /// Puts the items into drawn order (Fisher and Yates) (section 3.6 \[C\]).
    ///
    /// ```
    /// use athsys::rules::draw::Draw;
    /// let mut lots = [1, 2, 3, 4, 5];
    /// Draw::seeded(42).shuffle(&mut lots);
    /// assert_eq!(lots, [2, 3, 1, 5, 4]);
    /// ```
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let chosen = self.below(last as u64 + 1) as usize;
            items.swap(last, chosen);
        }
    }
}
