/**
 * What was waited for is drawn when Testing Library finds it, and its effects (the focus, say) may yet be to come: then a test sees them or not, by the
 * speed of the machine. React runs them before it draws anything else (https://react.dev/reference/react/useEffect, "Caveats").
 */
import { act, configure, getConfig } from '@testing-library/react';
import { createRoot } from 'react-dom/client';

const elsewhere = createRoot(document.createElement('div'));
const { asyncWrapper } = getConfig();

configure({
  asyncWrapper: async (wait) => {
    const found = await asyncWrapper(wait);
    await act(async () => elsewhere.render(null));
    return found;
  },
});
