import type { AuthTemplate } from '../../collection/model.ts';
import { sealPlain, sealText } from '../../collection/seal-literals.ts';
import { createSecretAuthTest } from '../../collection/secret-auth-fields.ts';
import { cutOutside } from '../outside-references.ts';
import { isOn, type Transfer, text } from './transfer.ts';

const NONE: AuthTemplate = { type: 'none', fields: {}, from: 'none' };

/** The schemes that are a switch, strongest first: curl takes the strongest of those it may use. */
const SWITCHES = ['negotiate', 'digest', 'ntlm', 'ntlm-wb', 'anyauth'] as const;

/** The auth of a command. One that is none of ours keeps curl's name, so that it fails and is not replaced by another. */
export function readAuth({ options, url }: Transfer): AuthTemplate {
  const user = text(options, 'user');
  const bearer = text(options, 'oauth2-bearer');
  const sigv4 = text(options, 'aws-sigv4');
  const [name = '', password] = cutOutside(user ?? '', ':');
  if (sigv4 !== undefined)
    return withFields('awsv4', { accessKey: name, secretKey: password, ...awsScope(sigv4, url) });
  if (bearer !== undefined) return withFields('bearer', { token: bearer });
  if (user === undefined) return NONE;
  const scheme = SWITCHES.find((each) => isOn(options, each)) ?? 'basic';
  return withFields(
    scheme === 'ntlm-wb' ? 'ntlm' : scheme,
    scheme === 'ntlm' ? ntlmFields(name, password) : { username: name, password },
  );
}

const AWS_HOST = /^(?:[a-z]+:\/\/)?([^/:?#.{}]+)\.([^/:?#.{}]+)\./i;

/** `provider1[:provider2[:region[:service]]]`; what is missing curl takes from the host, `service.region.example`. */
function awsScope(stated: string, url: string): Fields {
  const [, , region, service] = stated.split(':');
  const [, hostService, hostRegion] = AWS_HOST.exec(url) ?? [];
  return { region: region || hostRegion, service: service || hostService };
}

function ntlmFields(user: string, password: string | undefined): Fields {
  const [domain, name] = user.split(/[\\/]/, 2);
  return name === undefined ? { username: user, password } : { username: name, password, domain };
}

type Fields = Readonly<Record<string, string | undefined>>;

function withFields(type: string, fields: Fields): AuthTemplate {
  const isSecret = createSecretAuthTest(type, fields.password);
  const stated = Object.entries(fields).flatMap(([name, value]) => {
    if (value === undefined || value === '') return [];
    return [[name, isSecret(name) ? sealText(value) : sealPlain(value)] as const];
  });
  return { type, fields: Object.fromEntries(stated), from: 'request' };
}
