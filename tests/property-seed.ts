// One seed for every property test, so that a run can be repeated and a red one is a change's own fault.
// PROPERTY_SEED=random looks for new counterexamples; PROPERTY_SEED=<number> repeats one.
import fc from 'fast-check';

const wanted = process.env.PROPERTY_SEED ?? '20261122';
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
