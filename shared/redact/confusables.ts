// Letters of other scripts that look like Latin ones (Unicode UTS #39, the rows that spell English field names), and signs that are
// read as letters.

const pairs =
  'аaАaвbВbсcСcԁdеeЕeёeЁeѕsЅsіiІiїiјjЈjкkКkмmМmнhНhоoОoрpРpԛqтtТtуyУyхxХxԝwѡwһhѵvӏl' +
  'αaΑaβbΒbεeΕeζzΖzηnΗhιiΙiκkΚkμmΜmνvΝnοoΟoρpΡpτtΤtυuΥyχxΧxωwγyσoςs' +
  'ıiɑaɡgłløoØođdſsοoոnօoսuհhցgƅbɩiʀrꞌlꜱsᴀaᴄcᴅdᴇeᴊjᴋkᴍmᴏoᴘpᴛtᴜuᴠvᴡwᴢzɴnʏyɪiʜhʟlʙb';

function table(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at + 1 < pairs.length; at += 2) found.set(pairs.charAt(at), pairs.charAt(at + 1));
  return found;
}

const lookalikes = table();

/** The text as a reader sees it: compatibility forms and look-alikes as plain letters, marks and invisible characters gone. */
export function foldLookalikes(text: string): string {
  const plain = text.normalize('NFKD').replace(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu, '');
  return Array.from(plain, (letter) => lookalikes.get(letter) ?? letter).join('');
}

/** Its letters and digits, in lower case. */
export function squeeze(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '');
}

const leet: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** `squeezed` with digits and signs that stand for letters read as those: `p@ssw0rd`. */
export function unleet(readable: string, squeezed: string): string {
  const text = /[a-z][@$!]/i.test(readable) ? readable.toLowerCase() : squeezed;
  if (text === squeezed && !/[a-z][013457]+[a-z]/.test(squeezed)) return squeezed;
  return squeeze(
    text.replace(/(?<=[a-z])(?:[013457@$!]+(?=[a-z])|[@$!]+)/g, (marks) =>
      Array.from(marks, (mark) => leet[mark] ?? mark).join(''),
    ),
  );
}
