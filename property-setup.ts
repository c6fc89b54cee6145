/**
 * fast-check makes short lists unless told otherwise: a test that names a length means it. What fails is told at once with its seed, because
 * making it smaller takes longer than a test has; `MATCHBOOK_SHRINK=1` makes it smaller.
 */
import fc from 'fast-check';

fc.configureGlobal({
  defaultSizeToMaxWhenMaxSpecified: true,
  endOnFailure: process.env.MATCHBOOK_SHRINK !== '1',
});
