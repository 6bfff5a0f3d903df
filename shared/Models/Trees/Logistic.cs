using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ServerlessCLM.Models;

/// <summary>The logistic function over many rows, from exactly rounded operations alone: every machine gets the same bits.</summary>
internal static class Logistic
{
    // Beyond, single precision has nothing between the result and 0 or 1 that training could use.
    private const float Limit = 80;

    public static void Probabilities(ReadOnlySpan<float> margins, Span<float> probabilities)
    {
        var wide = MemoryMarshal.Cast<float, Vector512<float>>(margins);
        var results = MemoryMarshal.Cast<float, Vector512<float>>(probabilities);
        for (var i = 0; i < wide.Length; i++)
            results[i] = Of(wide[i]);

        Span<float> rest = stackalloc float[Vector512<float>.Count];
        var done = wide.Length * Vector512<float>.Count;
        margins[done..].CopyTo(rest);
        Of(Vector512.Create<float>(rest)).CopyTo(rest);
        rest[..(margins.Length - done)].CopyTo(probabilities[done..]);
    }

    private static Vector512<float> Of(Vector512<float> margin) => Vector512<float>.One / (Vector512<float>.One + Exp(-margin));

    /// <summary>e^x to about one unit in the last place: x = n ln 2 + r, a polynomial for e^r (Cephes, expf), and n into the exponent.</summary>
    private static Vector512<float> Exp(Vector512<float> x)
    {
        x = Vector512.Min(Vector512.Max(x, Vector512.Create(-Limit)), Vector512.Create(Limit));
        var n = Vector512.Floor((x * 1.44269504088896341f) + Vector512.Create(0.5f));
        var r = x - (n * 0.693359375f) - (n * -2.12194440e-4f);
        var p = Vector512.Create(1.9875691500e-4f);
        p = (p * r) + Vector512.Create(1.3981999507e-3f);
        p = (p * r) + Vector512.Create(8.3334519073e-3f);
        p = (p * r) + Vector512.Create(4.1665795894e-2f);
        p = (p * r) + Vector512.Create(1.6666665459e-1f);
        p = (p * r) + Vector512.Create(5.0000001201e-1f);
        p = (p * r * r) + r + Vector512<float>.One;
        return p * ((Vector512.ConvertToInt32(n) + Vector512.Create(127)) << 23).AsSingle();
    }
}
