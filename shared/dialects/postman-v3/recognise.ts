import { fileName, folderOf, type Look } from '../look.ts';
import { RESOURCES, roleOf } from './file-role.ts';

/**
 * By the file's ending, and where that is one that others use too (`config.example.yaml`), by its keys. A file whose keys
 * cannot be read is taken for what its name says.
 */
export function looksLikePostmanV3(look: Look): boolean {
  const role = roleOf(look.file);
  if (!role) return false;
  const keys = look.yamlKeys();
  switch (role.role) {
    case 'definition':
      return true;
    case 'request':
      return keys.size === 0 || ['$kind', 'url', 'method'].some((key) => keys.has(key));
    case 'example':
      return role.folder.split('/').includes(RESOURCES) || (keys.get('$kind') ?? '').includes('-example');
    case 'environment':
    case 'globals':
      return keys.has('values') || fileName(folderOf(folderOf(look.file))) === 'postman';
  }
}
