//! Randomness that is the same on every machine: a ChaCha generator per queue, and the few distributions
//! that workloads need.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// See the module.
pub struct Random(ChaCha8Rng);

impl Random {
    /// The `stream`-th generator of a seed. Streams do not depend on each other, so a workload stays
    /// the same when another one is added.
    pub fn new(seed: u64, stream: u64) -> Random {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Random(generator)
    }

    /// Evenly from `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        const STEPS: f64 = (1_u64 << 32) as f64;
        f64::from(self.0.next_u32()) / STEPS
    }

    /// Evenly from `[low, high]`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        let span = high.saturating_sub(low).saturating_add(1);
        low + self.0.next_u64() % span.max(1)
    }

    /// From the exponential distribution of this mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// From the lognormal distribution of this median and standard deviation of the logarithm.
    pub fn lognormal(&mut self, median: f64, sigma: f64) -> f64 {
        // Box and Muller.
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        let normal = radius * (std::f64::consts::TAU * self.unit()).cos();
        median * (sigma * normal).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_fixed_and_different() {
        let numbers = |seed, stream| {
            let mut random = Random::new(seed, stream);
            [0; 4].map(|_| random.between(0, 999))
        };
        assert_eq!(numbers(1, 0), numbers(1, 0));
        assert_ne!(numbers(1, 0), numbers(1, 1));
        assert_ne!(numbers(1, 0), numbers(2, 0));
    }

    #[test]
    fn distributions_have_their_means() {
        let mut random = Random::new(7, 0);
        let count = 20_000;
        let mut mean = |draw: &mut dyn FnMut(&mut Random) -> f64| {
            (0..count).map(|_| draw(&mut random)).sum::<f64>() / f64::from(count)
        };
        assert!((mean(&mut |r| r.exponential(3.0)) - 3.0).abs() < 0.1);
        let lognormal = 2.0 * (0.5_f64 * 0.5 / 2.0).exp();
        assert!((mean(&mut |r| r.lognormal(2.0, 0.5)) - lognormal).abs() < 0.05);
        assert!((mean(&mut |r| r.unit()) - 0.5).abs() < 0.01);
    }
}
