// Credentials of code hosts, package registries and developers' tools, by the formats that the issuers document.
import type { Shape } from './finder.ts';
import { isMixed } from './value-look.ts';

export const developerShapes: readonly Shape[] = [
  // Keys of callers of Keyward itself: shared/access/key-text.ts.
  { name: 'keyward', heads: ['keyward_[A-Za-z0-9]{12}_'], pattern: 'keyward_[A-Za-z0-9]{12}_[A-Za-z0-9]{30,}' },
  // GitHub, token formats: personal, OAuth, user-to-server, server-to-server, refresh; fine-grained.
  { name: 'github', heads: ['gh[pousr]_'], pattern: 'gh[pousr]_[A-Za-z0-9_]{30,}' },
  { name: 'github-fine-grained', heads: ['github_pat_'], pattern: 'github_pat_[A-Za-z0-9_]{30,}' },
  // GitLab, token prefixes: personal, deploy, runner, job, trigger, feed, mail, agent, SCIM, flags, workspace, OAuth.
  {
    name: 'gitlab',
    heads: ['glp[at]', 'gldt', 'glrt', 'glcb', 'glft', 'glim', 'glag', 'glso', 'glff', 'glwt', 'gloa'],
    pattern: 'gl(?:pat|dt|rtr?|cbt|ptt|ft|imt|agent|soat|ffct|wt|oas)-[\\w.-]{18,}',
  },
  { name: 'gitlab-runner', heads: ['GR1348941'], pattern: 'GR1348941[\\w-]{18,}' },
  // Bitbucket and Atlassian API tokens; Trello.
  {
    name: 'atlassian',
    heads: ['ATATT3', 'ATCTT3', 'ATSTT3', 'ATBB[A-Za-z0-9]{20}'],
    pattern: 'AT(?:[ACS]TT3[\\w=+/-]{60,}|BB[A-Za-z0-9]{28,})',
  },
  { name: 'trello', heads: ['ATTA[0-9a-f]{32}'], pattern: 'ATTA[a-f0-9]{60,}' },
  // npm, PyPI, RubyGems, crates.io, NuGet, Docker Hub, Clojars.
  { name: 'npm', heads: ['npm_[A-Za-z0-9]{30}'], pattern: 'npm_[A-Za-z0-9]{30,}' },
  { name: 'pypi', heads: ['pypi-AgE'], pattern: 'pypi-AgE[\\w-]{40,}' },
  { name: 'rubygems', heads: ['rubygems_'], pattern: 'rubygems_[a-f0-9]{48}' },
  { name: 'crates', heads: ['cio[A-Za-z0-9]{32}'], pattern: 'cio[A-Za-z0-9]{32}(?![A-Za-z0-9])', holds: isMixed },
  { name: 'nuget', heads: ['oy2[a-z0-9]{43}'], pattern: 'oy2[a-z0-9]{43}(?![A-Za-z0-9])' },
  { name: 'docker-hub', heads: ['dckr_'], pattern: 'dckr_(?:pat|oat)_[\\w-]{20,}' },
  { name: 'clojars', heads: ['CLOJARS_'], pattern: 'CLOJARS_[a-z0-9]{60}', anyCase: false },
  // OpenAI: legacy, project, service account, admin, session; the many APIs that copy its form.
  { name: 'openai-scoped', heads: ['sk-[pasNo]'], pattern: 'sk-(?:proj|svcacct|admin|service|None|or-v1)-[\\w-]{20,}' },
  { name: 'openai-legacy', heads: ['sk-[A-Za-z0-9]'], pattern: 'sk-[\\w-]{20,}', holds: isKeyLike },
  { name: 'openai-session', heads: ['sess-[A-Za-z0-9]{30}'], pattern: 'sess-[A-Za-z0-9]{30,}', holds: isMixed },
  // Anthropic: API, admin and OAuth keys.
  { name: 'anthropic', heads: ['sk-ant-'], pattern: 'sk-ant-[\\w-]{16,}' },
  // Hugging Face, Groq, xAI, Perplexity, Replicate, LangSmith, Tavily, ElevenLabs, NVIDIA.
  { name: 'hugging-face', heads: ['hf_[A-Za-z0-9]{30}', 'api_org_'], pattern: '(?:hf|api_org)_[A-Za-z0-9]{30,}' },
  { name: 'groq', heads: ['gsk_[A-Za-z0-9]{40}'], pattern: 'gsk_[A-Za-z0-9]{40,}' },
  { name: 'xai', heads: ['xai-[A-Za-z0-9]{60}'], pattern: 'xai-[A-Za-z0-9]{60,}' },
  { name: 'perplexity', heads: ['pplx-'], pattern: 'pplx-[A-Za-z0-9]{40,}' },
  { name: 'replicate', heads: ['r8_[A-Za-z0-9]{37}'], pattern: 'r8_[A-Za-z0-9]{37}' },
  { name: 'langsmith', heads: ['lsv2_'], pattern: 'lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}' },
  { name: 'tavily', heads: ['tvly-'], pattern: 'tvly-[A-Za-z0-9-]{28,}', holds: isMixed },
  { name: 'elevenlabs', heads: ['sk_[0-9a-f]{48}'], pattern: 'sk_[a-f0-9]{48}' },
  { name: 'nvidia', heads: ['nvapi-'], pattern: 'nvapi-[\\w-]{60,}' },
  // Postman, Figma, Linear, Notion, Airtable, Typeform, Contentful, ReadMe.
  { name: 'postman', heads: ['PMAK-', 'PMAT-'], pattern: 'PM(?:AK-[a-f0-9]{24}-[a-f0-9]{34}|AT-[A-Z0-9]{26})' },
  { name: 'figma', heads: ['fig[a-z]_'], pattern: 'fig[a-z]{1,2}_[\\w-]{40,}' },
  { name: 'linear', heads: ['lin_[ao]'], pattern: 'lin_(?:api|oauth)_[A-Za-z0-9]{30,}' },
  {
    name: 'notion',
    heads: ['ntn_[A-Za-z0-9]{40}', 'secret_[A-Za-z0-9]{32}'],
    pattern: '(?:ntn_[A-Za-z0-9]{40,}|secret_[A-Za-z0-9]{32,})',
  },
  { name: 'airtable', heads: ['pat[A-Za-z0-9]{14}.'], pattern: 'pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}' },
  { name: 'typeform', heads: ['tfp_[A-Za-z0-9]'], pattern: 'tfp_[\\w.=-]{40,}' },
  { name: 'contentful', heads: ['CFPAT-'], pattern: 'CFPAT-[\\w-]{43}' },
  { name: 'readme', heads: ['rdme_'], pattern: 'rdme_[a-z0-9]{60,}' },
  // New Relic, Sentry, Grafana, SonarQube, LaunchDarkly, PostHog, Statsig.
  {
    name: 'new-relic',
    heads: ['NRAK-', 'NRJS-', 'NRII-', 'NRRA-', 'NRSP-'],
    pattern: 'NR(?:AK|JS|II|RA|SP)-[\\w-]{19,}',
  },
  { name: 'new-relic-licence', heads: ['NRAL'], back: 36, pattern: '[A-Za-z0-9]{36}NRAL(?![A-Za-z0-9])' },
  { name: 'sentry', heads: ['sntry[suai]_'], pattern: 'sntry[suai]_[A-Za-z0-9+/=_-]{40,}' },
  {
    name: 'grafana',
    heads: ['glsa_', 'glc_[A-Za-z0-9]', 'eyJrIjoi'],
    pattern: '(?:glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|glc_[A-Za-z0-9+/]{32,}={0,2}|eyJrIjoi[A-Za-z0-9+/]{60,}={0,2})',
  },
  { name: 'sonarqube', heads: ['sq[pua]_[0-9a-f]{40}'], pattern: 'sq[pua]_[a-f0-9]{40}' },
  {
    name: 'launchdarkly',
    heads: ['sdk-[0-9a-f]{8}-', 'api-[0-9a-f]{8}-'],
    pattern: '(?:sdk|api)-[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}',
  },
  { name: 'posthog', heads: ['phx_[A-Za-z0-9]{40}'], pattern: 'phx_[A-Za-z0-9]{40,}' },
  { name: 'statsig', heads: ['secret-[A-Za-z0-9]{30}'], pattern: 'secret-[A-Za-z0-9]{30,}', holds: isMixed },
  // Buildkite, CircleCI, Prefect, Scalr-like CI; Expo and EAS reuse JWTs.
  { name: 'buildkite', heads: ['bk[ucap][atjp]_[0-9a-f]{40}'], pattern: 'bk[ucap][atjp]_[a-f0-9]{40}' },
  { name: 'circleci', heads: ['CCIPAT_', 'CCIPRJ_'], pattern: 'CCIP(?:AT|RJ)_[A-Za-z0-9]{20,}_[a-f0-9]{40}' },
  { name: 'prefect', heads: ['pn[ub]_[A-Za-z0-9]{36}'], pattern: 'pn[ub]_[A-Za-z0-9]{36}' },
  // dbt Cloud, Sourcegraph, MaxMind, Confluent Cloud.
  { name: 'dbt', heads: ['dbt[cu]_[A-Za-z0-9]{30}'], pattern: 'dbt[cu]_[\\w-]{30,}={0,2}' },
  { name: 'sourcegraph', heads: ['sgp_[A-Za-z0-9]'], pattern: 'sgp_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}' },
  { name: 'maxmind', heads: ['_mmk'], back: 36, pattern: '[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk' },
];

/** `sk-` begins names of classes too; a key has digits and is not words joined by hyphens. */
function isKeyLike(match: string): boolean {
  const rest = match.slice(3);
  const digits = rest.replace(/[^0-9]/g, '').length;
  return digits >= 2 && (digits >= 4 || rest.split('-').some((part) => part.length >= 16));
}
