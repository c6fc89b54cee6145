/** A relay that lets one person write as fast as a bench wants: a device may write ten messages a second otherwise. */
const FAST = '100000/100000';

export const UNLIMITED = {
  relayEnv: {
    ...{ RELAY_RATE_USER: FAST, RELAY_RATE_DEVICE: FAST, RELAY_RATE_CONVERSATION: FAST },
    // Each message is a frame here, and a quiet machine sends more of them than one connection may.
    RELAY_FRAMES_PER_SECOND: '100000',
    RELAY_FRAMES_BURST: '100000',
  },
};
