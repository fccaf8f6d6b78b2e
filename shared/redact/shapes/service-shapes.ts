// Credentials of payment, messaging, mail and other services, by the formats that the issuers document.
import type { Shape } from './finder.ts';
import { isMixed } from './value-look.ts';

export const serviceShapes: readonly Shape[] = [
  // Stripe: secret and restricted keys, webhook secrets, client secrets of payments. `pk_` is published in pages and stays.
  {
    name: 'stripe',
    heads: ['sk_[lt]', 'rk_[lt]', 'sk_p', 'rk_p'],
    pattern: '[rs]k_(?:live|test|prod)_[A-Za-z0-9]{10,}',
  },
  { name: 'stripe-webhook', heads: ['whsec_'], pattern: 'whsec_[A-Za-z0-9+/=]{16,}' },
  {
    name: 'stripe-client-secret',
    heads: ['pi_[A-Za-z0-9]', 'seti_', 'src_', 'cs_[tl]'],
    pattern: '(?:pi|seti|src|cs)_(?:test_|live_)?[A-Za-z0-9]{14,60}_secret_[A-Za-z0-9]{8,}',
  },
  // Slack: bot, user, app, refresh, configuration and workflow tokens; incoming webhooks.
  { name: 'slack', heads: ['xox[abceoprs]'], pattern: 'xox(?:e\\.xox[bp]-|[abceoprs]-)[A-Za-z0-9-]{10,}' },
  { name: 'slack-app', heads: ['xapp-', 'xwfp-'], pattern: '(?:xapp-\\d-|xwfp-)[A-Za-z0-9-]{10,}' },
  {
    name: 'slack-webhook',
    heads: ['hooks.slack'],
    pattern: '(hooks\\.slack(?:-gov)?\\.com/)(?:services|workflows|triggers)/[\\w/-]{16,}',
    inside: true,
  },
  // Discord: bot tokens begin with the bot's number in base64; webhooks.
  {
    name: 'discord',
    heads: ['M[TjzD][AEIMQUYcgk][w-z0-5]', 'N[DTjz][AEIMQUYcgk][w-z0-5]', 'O[DT][AEIMQUYcgk][w-z0-5]'],
    pattern: '[MNO][A-Za-z\\d]{22,27}\\.[\\w-]{6}\\.[\\w-]{27,}',
  },
  { name: 'discord-webhook', heads: ['/webhooks/[0-9]'], pattern: '(/webhooks/)\\d{10,24}/[\\w-]{40,}', inside: true },
  // Microsoft Teams and Office connectors; Google Chat's are parameters; Zapier, IFTTT, Make.
  {
    name: 'teams-webhook',
    heads: ['/webhookb2/', '/webhook/[0-9a-f]'],
    pattern: '(/webhook(?:b2)?/)[0-9a-f-]{36}@[0-9a-f-]{36}/[\\w/-]{20,}',
    inside: true,
  },
  {
    name: 'zapier-webhook',
    heads: ['hooks.zapier'],
    pattern: '(hooks\\.zapier\\.com/hooks/catch/)[\\w/-]{8,}',
    inside: true,
  },
  { name: 'ifttt-webhook', heads: ['/with/key/'], pattern: '(/with/key/)[\\w-]{16,}', inside: true },
  {
    name: 'make-webhook',
    heads: ['.make.com/', '.integromat.com/'],
    pattern: '(\\.(?:make|integromat)\\.com/)[a-z0-9]{32}(?![A-Za-z0-9])',
    inside: true,
  },
  // Telegram: the bot's number is public, what follows is not.
  {
    name: 'telegram',
    heads: [':AA[A-Za-z0-9_-]{33}'],
    pattern: '(?<=(?<![A-Za-z0-9_-])(?:bot)?\\d{8,10})(:)AA[\\w-]{33}',
    inside: true,
  },
  // Twilio API keys; SendGrid, Mailgun, Mailchimp, Brevo, Resend, Postmark-like mail.
  { name: 'twilio', heads: ['SK[0-9a-f]{32}'], pattern: 'SK[0-9a-f]{32}(?![A-Za-z0-9])' },
  { name: 'sendgrid', heads: ['SG.[A-Za-z0-9_-]'], pattern: 'SG\\.[\\w-]{16,}\\.[\\w-]{16,}' },
  { name: 'mailgun', heads: ['key-[0-9a-f]{32}'], pattern: 'key-[0-9a-f]{32}(?![A-Za-z0-9])' },
  { name: 'mailchimp', heads: ['-us[0-9]'], back: 32, pattern: '[0-9a-f]{32}-us\\d{1,2}(?![A-Za-z0-9])' },
  { name: 'brevo', heads: ['xkeysib-', 'xsmtpsib-'], pattern: 'x(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16}' },
  { name: 'resend', heads: ['re_[A-Za-z0-9]{8}_'], pattern: 're_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}', holds: isMixed },
  // Shopify, Square, PayPal and Braintree, Plaid, Flutterwave, EasyPost, Shippo, Duffel.
  { name: 'shopify', heads: ['shp[acpstu]'], pattern: 'shp(?:at|ca|pa|ss|tka|ua|ct|rt)_[a-fA-F0-9]{32}' },
  { name: 'square', heads: ['sq0[ac]'], pattern: 'sq0(?:atp|csp)-[\\w-]{22,}' },
  {
    name: 'meta-or-square',
    heads: ['EAA[A-Za-z]'],
    pattern: 'EAA(?:A[\\w-]{60}(?![A-Za-z0-9+/=])|[A-Za-z0-9]{80,})',
    holds: isMixedNotPadding,
  },
  {
    name: 'braintree',
    heads: ['access_token$'],
    pattern: '(access_token\\$)(?:production|sandbox)\\$[0-9a-z]{16}\\$[0-9a-f]{32}',
  },
  {
    name: 'plaid',
    heads: ['access-[sdp]'],
    pattern: 'access-(?:sandbox|development|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  },
  { name: 'flutterwave', heads: ['FLWSECK'], pattern: 'FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,}(?:-X)?' },
  { name: 'easypost', heads: ['EZ[AT]K'], pattern: 'EZ[AT]K[A-Za-z0-9]{54}' },
  { name: 'shippo', heads: ['shippo_'], pattern: 'shippo_(?:live|test)_[a-f0-9]{40}' },
  { name: 'duffel', heads: ['duffel_'], pattern: 'duffel_(?:live|test)_[\\w=-]{40,}' },
  // HubSpot, Klaviyo's private keys, ClickUp, Dropbox, Salesforce sessions, Adobe.
  {
    name: 'hubspot',
    heads: ['pat-[neas][aup]'],
    pattern: 'pat-[a-z]{2}\\d-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  },
  { name: 'klaviyo', heads: ['pk_[0-9a-f]{34}'], pattern: 'pk_[a-f0-9]{34}(?![A-Za-z0-9])' },
  { name: 'clickup', heads: ['pk_[0-9]{4}'], pattern: 'pk_\\d{4,12}_[A-Z0-9]{32}' },
  { name: 'dropbox', heads: ['sl.[A-Za-z0-9_-]{60}', 'sl.u.[A-Za-z0-9_-]{60}'], pattern: 'sl\\.(?:u\\.)?[\\w-]{60,}' },
  { name: 'salesforce', heads: ['00D[A-Za-z0-9]{12}'], pattern: '00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{60,}' },
  { name: 'adobe', heads: ['p8e-'], pattern: 'p8e-[A-Za-z0-9_-]{32}' },
];

/** Letters and digits, and no run of zeros as in the base64 of an image. */
function isMixedNotPadding(match: string): boolean {
  return isMixed(match) && !/A{6}/.test(match);
}
