using ServerlessCLM.Customers;

namespace ServerlessCLM.Scoring;

/// <summary>A customer in work: the state, the session that takes what is said, and what still waits for a score. Made to be used again.</summary>
public sealed class OpenCustomer
{
    private CustomerSession? _session;

    public CustomerState State { get; } = new();

    public CustomerSession Session => _session ?? throw new InvalidOperationException("no customer has been opened");

    /// <summary>Signals that models have raised since <see cref="Open"/>.</summary>
    public int ModelSignals { get; internal set; }

    /// <summary>Rows that wait to be scored.</summary>
    internal int Waiting { get; set; }

    /// <exception cref="InvalidDataException">The session's block is cut short or of another version.</exception>
    public void Open(CustomerSession session)
    {
        (_session, ModelSignals, Waiting) = (session, 0, 0);
        State.Read(session.Block.Span);
    }
}
