// csv-parse takes Buffer from the globals when it is evaluated.
import { Buffer } from './buffer.ts';

Object.defineProperty(globalThis, 'Buffer', { value: Buffer, writable: true, configurable: true });
