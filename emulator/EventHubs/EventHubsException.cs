namespace ServerlessCLM.Emulator;

/// <summary>A hub refused or failed. <see cref="Reason"/> says why, <see cref="IsTransient"/> whether trying again may help.</summary>
public class EventHubsException : Exception
{
    /// <summary>A failure that trying again does not mend.</summary>
    public EventHubsException(string eventHubName, string message, FailureReason reason)
        : this(isTransient: false, eventHubName, message, reason, innerException: null)
    {
    }

    /// <summary>A failure with its cause.</summary>
    public EventHubsException(bool isTransient, string eventHubName, string message, FailureReason reason, Exception? innerException = null)
        : base(message, innerException)
    {
        IsTransient = isTransient;
        EventHubName = eventHubName;
        Reason = reason;
    }

    /// <summary>The hub.</summary>
    public string EventHubName { get; }

    /// <summary>Whether trying again may help.</summary>
    public bool IsTransient { get; }

    /// <summary>Why.</summary>
    public FailureReason Reason { get; }

    /// <inheritdoc/>
    public override string Message => $"{base.Message} ({EventHubName}, {Reason})";

    /// <summary>Why a hub refused or failed.</summary>
    public enum FailureReason
    {
        GeneralError = 0,
        ClientClosed = 1,
        ConsumerDisconnected = 2,
        ResourceNotFound = 3,
        MessageSizeExceeded = 4,
        QuotaExceeded = 5,
        ServiceBusy = 6,
        ServiceTimeout = 7,
        ServiceCommunicationProblem = 8,
        ProducerDisconnected = 9,
        InvalidClientState = 10,
    }
}
