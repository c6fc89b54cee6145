/** The bridge as a preload puts it on a page, with the answers that cross as one text (PACKED of the bridge's contract) made values again. */
import type { WindowBridge } from '@matchbook/protocol/bridge/window';

export function unpacked(bridge: WindowBridge): WindowBridge {
  const call = async (name: never, request: never): Promise<unknown> => {
    const answer: unknown = await bridge.call(name, request);
    return typeof answer === 'string' ? JSON.parse(answer) : answer;
  };
  return { ...bridge, call: call as WindowBridge['call'] };
}
