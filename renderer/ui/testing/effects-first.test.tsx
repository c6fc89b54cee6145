import { render, screen } from '@testing-library/react';
import { useEffect, useState } from 'react';
import { expect, it } from 'vitest';

/** One in 25 came too late without it. */
const TIMES = 200;

it('what is found has had its effects, and what they draw is drawn, also where the machine is slow', async () => {
  let show: (number: number) => void = () => {};
  let acted = 0;
  function Line() {
    const [number, setNumber] = useState(0);
    const [drawn, setDrawn] = useState(0);
    show = setNumber;
    useEffect(() => {
      acted = number;
      setDrawn(number);
    }, [number]);
    return <p data-testid={`line-${number}`}>{drawn}</p>;
  }
  /** Keeps the machine for a moment once the line is drawn, as another process would. */
  const slowly = (number: number) => {
    show(number);
    queueMicrotask(() => {
      const from = performance.now();
      while (performance.now() - from < 3);
    });
  };
  render(<Line />);
  const missed: number[] = [];
  for (let number = 1; number <= TIMES; number++) {
    setTimeout(slowly, 0, number);
    const line = await screen.findByTestId(`line-${number}`);
    if (acted !== number || line.textContent !== String(number)) missed.push(number);
  }
  expect(missed).toEqual([]);
});
