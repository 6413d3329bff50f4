/** The mark as it stands; never recoloured, never under 16 px. */
export function Mark(props: { size?: number }) {
  const size = props.size ?? 26;
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" strokeLinecap="round" aria-hidden>
      <rect width="24" height="24" rx="6" style={{ fill: 'var(--mark)' }} />
      <path d="M5 6.6h3M5 17.4h3" stroke="#fff" strokeOpacity=".5" strokeWidth="2.5" />
      <path d="M12.8 4.8v3.3M12.8 15.9v3.3" stroke="#fff" strokeWidth="2.9" />
      <path d="M5 12h14" stroke="#8FE0EF" strokeWidth="2.5" />
    </svg>
  );
}
