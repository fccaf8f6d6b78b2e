// What callers over HTTP are given of the tools: by group, so that a new tool is out of reach until it has one.

/** `read`: what is saved, resources and prompts; `execute`: sending requests and reading on in their answers. */
export type ToolGroup = 'read' | 'execute' | 'history' | 'secrets';

const GROUPS: ReadonlyMap<string, ToolGroup> = new Map([
  ['list_collections', 'read'],
  ['list_requests', 'read'],
  ['describe_request', 'read'],
  ['list_environments', 'read'],
  ['get_environment', 'read'],
  ['execute_request', 'execute'],
  ['execute_read_request', 'execute'],
  ['read_response', 'execute'],
  ['get_history', 'history'],
  ['list_secrets', 'secrets'],
]);

/** The group of a tool of the contracts; undefined for a name that is none of theirs. */
export function toolGroup(tool: string): ToolGroup | undefined {
  return GROUPS.get(tool);
}

/** The groups that a prompt takes, all of them: it tells what the tools tell that it stands on. */
export function promptGroups(prompt: unknown): readonly ToolGroup[] {
  return prompt === 'debug_execution' ? ['read', 'history'] : ['read'];
}
