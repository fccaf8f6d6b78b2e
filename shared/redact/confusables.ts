// Letters of other scripts that look like Latin ones (Unicode UTS #39, the rows that spell English field names).

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
  const plain = text.normalize('NFKD').replace(/[\p{M}\p{Cf}]/gu, '');
  return Array.from(plain, (letter) => lookalikes.get(letter) ?? letter).join('');
}
