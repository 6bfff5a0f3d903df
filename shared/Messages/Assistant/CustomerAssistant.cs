using System.Text.Json.Serialization;
using ServerlessCLM.Customers;
using ServerlessCLM.Messages.Languages;
using ServerlessCLM.Messages.Proof;
using ServerlessCLM.Messages.Replies;
using ServerlessCLM.Messages.Templates;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Messages.Assistant;

/// <summary>A question and its answer: one row of the customer's partition.</summary>
/// <param name="Id">The caller's id of the question.</param>
/// <param name="Question">As asked.</param>
/// <param name="Language">Of the answer.</param>
/// <param name="Answer">What the customer is told; where it is handed over, that somebody will answer.</param>
/// <param name="HandedOver">Why a person answers; null where the assistant has.</param>
/// <param name="Sources">Facts and passages that the answer is made of.</param>
/// <param name="Verdicts">Of the proof of the answer.</param>
/// <param name="At">When.</param>
public sealed record AssistantAnswer(
    string Id, string Question, string Language, string Answer, string? HandedOver, IReadOnlyList<string> Sources, IReadOnlyList<Verdict> Verdicts, DateTimeOffset At);

/// <summary>
/// Answers simple questions from the customer's facts and the bank's own passages, word for word, and passes each answer through the proof. Whatever
/// else is asked, or is not sure, goes to a person.
/// </summary>
public sealed class CustomerAssistant(CustomerStore store, KnowledgeBase knowledge, Outbox outbox, TimeProvider time)
{
    /// <summary>The signal that a person must answer.</summary>
    public const string HandedOverSignal = "assistant_handed_over";

    /// <summary>Characters of a question at the most.</summary>
    public const int MaxQuestion = 1000;

    /// <summary>Share of a question's words that a passage must have to be taken for its answer.</summary>
    private const double Sure = 0.6;

    /// <summary>What is said to a machine about these, a person hears.</summary>
    private static readonly ReplyIntent[] ForPeople = [ReplyIntent.OptOut, ReplyIntent.Hardship, ReplyIntent.Complaint, ReplyIntent.Dispute];

    /// <returns>The answer; null where the customer is not known or erased. The same id gets the same answer.</returns>
    public async Task<AssistantAnswer?> AskAsync(CustomerId customer, string id, string question, string? language, CancellationToken cancellation)
    {
        if (await store.ReadAsync(customer, cancellation) is not { Erased: null } partition)
            return null;

        var row = CustomerRows.AssistantPrefix + id;
        var now = time.GetUtcNow();
        var (answer, intents) = Answer(partition, id, question, language, now);
        var commit = await store.UpdateAsync<AssistantAnswer?>(customer, session =>
        {
            if (session.Erased is not null)
                return null;
            if (session.Get(row, AssistantJson.Default.AssistantAnswer) is { } known)
                return known;

            session.Put(row, answer, AssistantJson.Default.AssistantAnswer);
            foreach (var signal in intents.Select(ReplyDesk.SignalOf).Concat(answer.HandedOver is null ? [] : [HandedOverSignal]))
                SignalEffects.Raise(session, new LifecycleRow($"assistant|{id}|{signal}", signal, now, null));
            return answer;
        }, cancellation, row);
        if (commit.Outbox is { } effects)
            await outbox.DispatchAsync([effects], cancellation);
        return commit.Result;
    }

    private (AssistantAnswer Answer, IReadOnlyList<ReplyIntent> Intents) Answer(CustomerPartition partition, string id, string question, string? language, DateTimeOffset now)
    {
        var profile = partition.Of(CustomerRows.Profile).FirstOrDefault()?["members"];
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var reading = ReplyReading.Of(question, language ?? (string?)profile?["language"], today);
        var spoken = reading.Language;
        var words = AssistantWords.All[spoken];
        AssistantAnswer HandOver(string reason, IReadOnlyList<Verdict>? verdicts = null) => new(id, question, spoken, words.HandedOver, reason, [], verdicts ?? [], now);
        var grave = reading.Intents.Where(ForPeople.Contains).ToList();
        if (grave.Count > 0)
            return (HandOver(string.Join(", ", grave)), grave);

        var brief = new Brief
        {
            MessageId = id.Length == 0 ? "-" : id, Purpose = "service", Channel = MessageChannel.App, Language = spoken, SendDate = today, ReadingLevel = ReadingLevel.Detailed,
            Circumstances = Circumstances.Vulnerable,
        };
        var spaced = Folding.Spaced(Folding.Of(question));
        var topics = words.Questions.Where(topic => topic.Value.Any(phrase => spaced.Contains(phrase, StringComparison.Ordinal))).Select(topic => topic.Key).ToList();
        if (topics.Count > 1)
            return (HandOver("several things are asked"), []);

        string text;
        IReadOnlyList<string> sources;
        if (topics is [var topic])
        {
            brief = brief with { Facts = FactSheet.Of(partition, now) };
            text = Composition.Render(words.Answers[topic], brief.Facts);
            sources = [.. brief.Facts.Where(fact => text.Contains("{{" + fact.Name + "}}", StringComparison.Ordinal)).Select(fact => fact.Name)];
            if (sources.Count == 0)
                return (HandOver("the product does not know"), []);
        }
        else if (knowledge.Find(question, spoken) is { Coverage: >= Sure } match)
        {
            brief = brief with { Disclosures = [match.Passage.Text] };
            (text, sources) = (match.Passage.Text, [match.Passage.Source]);
        }
        else
            return (HandOver("nothing fits the question"), []);

        var proof = MessageProof.Prove(brief, new Draft(text));
        return proof.Accepted
            ? (new AssistantAnswer(id, question, spoken, Filling.Fill(text, brief), null, sources, proof.Verdicts, now), [])
            : (HandOver("the answer does not pass its proof", proof.Verdicts), []);
    }
}

/// <summary>How answers are written.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(AssistantAnswer))]
public sealed partial class AssistantJson : JsonSerializerContext;
