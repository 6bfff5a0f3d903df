namespace ServerlessCLM.Emulator;

/// <summary>Draws that depend on a seed, a place and a count alone, never on which thread comes first.</summary>
internal static class SeededHash
{
    /// <summary>FNV-1a over the text, mixed with seed and count by SplitMix64's finalizer.</summary>
    public static ulong Of(ulong seed, string place, long count)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var letter in place)
            hash = (hash ^ letter) * 0x100000001B3;
        return Mix(Mix(hash ^ Mix(seed)) + (ulong)count);
    }

    /// <summary>A number of 53 bits as a share from 0 to below 1.</summary>
    public static double Share(ulong drawn) => (drawn >> 11) * (1.0 / (1UL << 53));

    /// <summary>The next draw from a draw.</summary>
    public static ulong Mix(ulong drawn)
    {
        drawn += 0x9E3779B97F4A7C15;
        drawn = (drawn ^ (drawn >> 30)) * 0xBF58476D1CE4E5B9;
        drawn = (drawn ^ (drawn >> 27)) * 0x94D049BB133111EB;
        return drawn ^ (drawn >> 31);
    }
}
