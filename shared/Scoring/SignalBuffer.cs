using System.Runtime.InteropServices;

namespace ServerlessCLM.Scoring;

/// <summary>A list of signals that is cleared and used again without allocating.</summary>
public sealed class SignalBuffer
{
    private readonly List<Signal> _signals = new(16);

    public int Count => _signals.Count;

    public Signal this[int index] => _signals[index];

    /// <summary>Valid until the next change.</summary>
    public ReadOnlySpan<Signal> Signals => CollectionsMarshal.AsSpan(_signals);

    public void Clear() => _signals.Clear();

    internal void Add(in Signal signal) => _signals.Add(signal);

    /// <summary>Puts the signals from <paramref name="start"/> on in the order in which they became true.</summary>
    internal void SortFrom(int start) => CollectionsMarshal.AsSpan(_signals)[start..].Sort(
        static (a, b) => (a.At, a.Kind, a.Cause).CompareTo((b.At, b.Kind, b.Cause)));
}
