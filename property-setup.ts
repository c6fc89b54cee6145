/** fast-check makes short lists unless told otherwise: a test that names a length means it. */
import fc from 'fast-check';

fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });
