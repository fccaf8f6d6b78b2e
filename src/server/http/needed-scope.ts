import { promptGroups, type ToolGroup, toolGroup } from '../../../shared/access/tool-group.ts';
import { fieldOf, type Message } from './parse-message.ts';

/** The groups that a message asks to use, all of them; none for a tool that there is not. */
export function neededGroups({ single: { method, params } }: Message): readonly ToolGroup[] {
  const name = fieldOf(params, 'name');
  switch (method) {
    case 'resources/list':
    case 'resources/templates/list':
    case 'resources/read':
      return ['read'];
    case 'prompts/get':
      return promptGroups(name);
    case 'tools/call': {
      const group = typeof name === 'string' ? toolGroup(name) : undefined;
      return group ? [group] : [];
    }
    default:
      return [];
  }
}
