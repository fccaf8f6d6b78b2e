#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { main } from '../dist/src/main.js';

await main(fileURLToPath(import.meta.url));
