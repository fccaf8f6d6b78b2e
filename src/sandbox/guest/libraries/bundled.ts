// The libraries that are in the image as they are. They are evaluated when the image is made.
import './buffer-global.ts';
import ajv8 from 'ajv';
import addFormats from 'ajv-formats';
import ajv6 from 'ajv6';
import chai from 'chai';
import * as cheerio from 'cheerio';
import parseCsv from 'csv-parse/lib/sync';
import lodash from 'lodash';
import moment from 'moment';
import tv4 from 'tv4';
import xml2js from 'xml2js';

export { addFormats, ajv6, ajv8, chai, cheerio, lodash, moment, parseCsv, tv4, xml2js };
