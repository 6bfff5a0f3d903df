using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>The contract over the REST protocol, against Azurite.</summary>
public sealed class BlobsOnAzurite(Azurite azurite) : BlobContract
{
    /// <summary>Where Azurite 3.37.0 differs from Azure as documented: what is asked, Azure's answer, Azurite's answer, and why.</summary>
    static readonly (string Question, string Azure, string Azurite, string Why)[] Deviations =
    [
        (nameof(A_blob_name_takes_1024_characters_and_not_one_more), "400 OutOfRangeInput", "accepted", "Azurite does not measure names"),
        ("../a", "400 InvalidResourceName", "400 OutOfRangeInput", "Azurite sees the container '..', which is too short"),
    ];

    protected override async Task<BlobServiceClient> OpenAsync() => new(await azurite.NewAccountAsync());

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;

    protected override string AnswerTo(string question, string expected) =>
        Deviations.FirstOrDefault(deviation => deviation.Question == question && deviation.Azure == expected).Azurite ?? expected;
}
