// Credentials of clouds, of their storage and of what runs on them, by the formats that the issuers document.
import type { Shape } from './finder.ts';
import { isMixed } from './value-look.ts';

export const cloudShapes: readonly Shape[] = [
  // AWS IAM, unique identifiers: key ids of users, roles, services and contexts.
  {
    name: 'aws-access-key-id',
    heads: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    pattern: 'A(?:KI|SI|BI|CC)A[A-Z0-9]{16}(?![A-Za-z0-9])',
  },
  // AWS STS: base64 of the token's own version and origin.
  {
    name: 'aws-session-token',
    heads: ['IQoJb3', 'FwoGZX', 'FQoGZX', 'AQoDYX'],
    pattern: '[AFI]Qo[A-Za-z0-9/+=%_-]{60,}|FwoG[A-Za-z0-9/+=%_-]{60,}',
  },
  // AWS: a secret access key has no prefix, only 40 characters of base64.
  {
    name: 'aws-secret-access-key',
    heads: ['[aA][wW][sS][ _:=,."\'-]'],
    pattern: '(aws[^\\r\\n]{0,40}?[\\s:=,"\'`])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])',
    anyCase: true,
    holds: isMixed,
  },
  // AWS Bedrock API keys, long and short term.
  {
    name: 'aws-bedrock',
    heads: ['ABSK', 'bedrock-api-key-'],
    pattern: '(?:ABSK|bedrock-api-key-)[A-Za-z0-9+/]{60,}={0,2}',
  },
  // Google API keys.
  { name: 'google-api-key', heads: ['AIza'], pattern: 'AIza[\\w-]{35}' },
  // Google Gemini authorization keys.
  { name: 'google-auth-key', heads: ['AQ.Ab'], pattern: 'AQ\\.Ab[\\w-]{30,}' },
  // Google OAuth 2.0 access tokens, refresh tokens, client secrets.
  { name: 'google-access-token', heads: ['ya29.'], pattern: 'ya29\\.[\\w.-]{20,}' },
  { name: 'google-refresh-token', heads: ['1//0'], pattern: '1//0[\\w-]{20,}' },
  { name: 'google-client-secret', heads: ['GOCSPX-'], pattern: 'GOCSPX-[\\w-]{20,}' },
  // Firebase Cloud Messaging server keys.
  { name: 'firebase-server-key', heads: ['AAAA[A-Za-z0-9_-]{7}:APA91b'], pattern: 'AAAA[\\w-]{7}:APA91b[\\w-]{60,}' },
  // Azure Storage, Service Bus, Event Hubs, IoT, Cosmos DB: connection strings.
  {
    name: 'azure-connection-key',
    heads: ['accountkey=', 'sharedaccesskey=', 'sharedsecret=', 'sharedaccesssignature='],
    pattern: '(\\w{9,24}=)[^\\s;"\'<>&,[\\]{}]{8,}',
    anyCase: true,
    inside: true,
  },
  // Microsoft Entra client secrets: `8Q~` and its neighbours in the fourth place.
  { name: 'azure-client-secret', heads: ['[0-9]Q~'], back: 3, pattern: '[A-Za-z0-9_~.]{3}\\dQ~[A-Za-z0-9_~.-]{31,34}' },
  // Azure DevOps personal access tokens and Microsoft's identifiable keys: the signature stands near the end.
  { name: 'azure-devops-pat', heads: ['AZDO'], back: 76, pattern: '[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}' },
  { name: 'azure-storage-key', heads: ['+ASt'], back: 76, pattern: '[A-Za-z0-9/+]{76}\\+ASt[A-Za-z0-9/+]{6}==' },
  {
    name: 'azure-messaging-key',
    heads: ['+ASb', '+AEh', '+ARm'],
    back: 33,
    pattern: '[A-Za-z0-9/+]{33}\\+A(?:Sb|Eh|Rm)[A-Za-z0-9/+]{6}=',
  },
  { name: 'azure-search-key', heads: ['AzSe'], back: 42, pattern: '[A-Za-z0-9]{42}AzSe[A-Z][A-Za-z0-9]{5}' },
  { name: 'azure-functions-key', heads: ['AzFu'], back: 44, pattern: '[\\w-]{44}AzFu[\\w-]{8}={0,2}' },
  // DigitalOcean API: personal, OAuth, refresh; Spaces keys.
  { name: 'digitalocean', heads: ['do[opr]_v1_'], pattern: 'do[opr]_v1_[a-f0-9]{32,}' },
  { name: 'digitalocean-spaces', heads: ['DO00[A-Z0-9]'], pattern: 'DO00[A-Z0-9]{16}(?![A-Za-z0-9])' },
  // Heroku, Netlify, Vercel, Render, Fly.io, Railway-like hosts.
  { name: 'heroku', heads: ['HRKU-'], pattern: 'HRKU-[\\w-]{32,}' },
  { name: 'netlify', heads: ['nf[pcouba]_'], pattern: 'nf[pcouba]_[A-Za-z0-9]{30,}' },
  {
    name: 'vercel',
    heads: ['vc[piakr]_', 'vercel_blob_rw_'],
    pattern: '(?:vc[piakr]_[A-Za-z0-9]{24,}|vercel_blob_rw_[A-Za-z0-9]{10,}_[A-Za-z0-9]{20,})',
  },
  { name: 'render', heads: ['rnd_[A-Za-z0-9]{28}'], pattern: 'rnd_[A-Za-z0-9]{28,}' },
  { name: 'fly', heads: ['fo1_', 'fm[12][A-Za-z_]'], pattern: '(?:fo1_[\\w-]{40,}|fm[12][ar]?_[A-Za-z0-9+/=,_]{60,})' },
  // Supabase, PlanetScale, Neon, MongoDB Atlas, CockroachDB, Pinecone.
  { name: 'supabase', heads: ['sbp_', 'sb_secret_'], pattern: '(?:sbp_[a-z0-9_]{40,}|sb_secret_[\\w-]{20,})' },
  { name: 'planetscale', heads: ['pscale_[tpo]'], pattern: 'pscale_(?:tkn|pw|oauth)_[\\w=.-]{30,}' },
  { name: 'neon', heads: ['napi_[a-z0-9]{40}'], pattern: 'napi_[a-z0-9]{40,}' },
  { name: 'mongodb-atlas', heads: ['mdb_sa_'], pattern: 'mdb_sa_(?:sk_)?[\\w-]{30,}' },
  { name: 'cockroach', heads: ['CCDB1_'], pattern: 'CCDB1_[A-Za-z0-9]{20,}_[A-Za-z0-9]{30,}' },
  { name: 'pinecone', heads: ['pcsk_'], pattern: 'pcsk_[\\w]{40,}' },
  // Databricks personal access tokens.
  { name: 'databricks', heads: ['dapi[0-9a-f]', 'dose[0-9a-f]'], pattern: '(?:dapi|dose)[a-f0-9]{32}(?:-\\d)?' },
  // Alibaba, Tencent, Yandex.
  { name: 'alibaba', heads: ['LTAI[A-Za-z0-9]{12}'], pattern: 'LTAI[A-Za-z0-9]{12,30}(?![A-Za-z0-9])', holds: isMixed },
  { name: 'tencent', heads: ['AKID[A-Za-z0-9]{32}'], pattern: 'AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])' },
  { name: 'yandex', heads: ['AQVN[A-Za-z0-9_-]{35}'], pattern: 'AQVN[\\w-]{35,}' },
  // HashiCorp Vault, Terraform Cloud; Doppler; 1Password service accounts; age identities.
  { name: 'vault', heads: ['hv[sbr].'], pattern: 'hv[sbr]\\.[\\w-]{20,}' },
  { name: 'terraform', heads: ['.atlasv1.'], back: 14, pattern: '[A-Za-z0-9]{14}\\.atlasv1\\.[\\w=-]{60,}' },
  {
    name: 'doppler',
    heads: ['dp.[psa]'],
    pattern: 'dp\\.(?:pt|ct|st|sa|scim|audit)\\.(?:[a-z0-9_-]{2,35}\\.)?[A-Za-z0-9]{40,}',
  },
  { name: 'onepassword', heads: ['ops_eyJ'], pattern: 'ops_eyJ[\\w+/=-]{60,}' },
  { name: 'age', heads: ['AGE-SECRET-KEY-'], pattern: 'AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{20,}', anyCase: false },
  // Pulumi, Dynatrace, Tailscale, OpenShift, JFrog Artifactory, Octopus Deploy.
  { name: 'pulumi', heads: ['pul-[0-9a-f]{40}'], pattern: 'pul-[a-f0-9]{40}' },
  { name: 'dynatrace', heads: ['dt0[acest][0-9]{2}.'], pattern: 'dt0[a-z]\\d{2}\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}' },
  { name: 'tailscale', heads: ['tskey-'], pattern: 'tskey-(?:[a-z]{2,12}-)?[A-Za-z0-9]{8,}(?:-[A-Za-z0-9]{8,})?' },
  { name: 'openshift', heads: ['sha256~'], pattern: 'sha256~[\\w-]{43}' },
  { name: 'artifactory', heads: ['AKCp[A-Za-z0-9]{60}'], pattern: 'AKCp[A-Za-z0-9]{60,}' },
  { name: 'octopus', heads: ['API-[A-Z0-9]{26}'], pattern: 'API-[A-Z0-9]{26}(?![A-Za-z0-9])', holds: isMixed },
];
