using System.Globalization;

namespace ServerlessCLM.Cli;

/// <summary>One line on standard error that tells how far a command is: share, rate and time left.</summary>
internal sealed class ProgressLine(string what, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250), Relog = TimeSpan.FromSeconds(5);

    private readonly long _started = time.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private TimeSpan _shown;
    private long _done;
    private int _width;

    /// <summary>Adds to what is done.</summary>
    /// <param name="done">Items done since the last call.</param>
    /// <param name="share">Of the whole, from 0 to 1.</param>
    public void Add(long done, double share)
    {
        lock (_gate)
        {
            _done += done;
            var elapsed = time.GetElapsedTime(_started);
            if (elapsed - _shown < (_terminal ? Redraw : Relog))
                return;

            _shown = elapsed;
            Show(share, elapsed);
        }
    }

    public void Dispose()
    {
        if (_terminal && _width > 0)
            Console.Error.WriteLine();
    }

    private void Show(double share, TimeSpan elapsed)
    {
        share = Math.Clamp(share, 0, 1);
        var left = share > 0 ? TimeSpan.FromSeconds(elapsed.TotalSeconds * (1 - share) / share) : TimeSpan.Zero;
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{what}: {share:P0}, {_done:N0} done, {_done / elapsed.TotalSeconds:N0}/s, {left:hh\\:mm\\:ss} left");
        if (_terminal)
            Console.Error.Write("\r" + line.PadRight(_width));
        else
            Console.Error.WriteLine(line);
        _width = line.Length;
    }
}
