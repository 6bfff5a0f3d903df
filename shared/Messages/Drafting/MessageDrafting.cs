using Microsoft.Extensions.Caching.Memory;
using ServerlessCLM.Customers;
using ServerlessCLM.Messages.Approvals;
using ServerlessCLM.Messages.Proof;

namespace ServerlessCLM.Messages.Drafting;

/// <summary>Another brief was drafted under the same message id.</summary>
public sealed class MessageMismatchException(string id) : Exception($"message {id} was drafted from another brief; take a new id for a new message");

/// <summary>
/// Gets a message written and proven: by the model, once more with the verdicts when it was refused, else in the words of the approved
/// template. The template is proven too. Doing it again under the same id gives the same record.
/// </summary>
public sealed class MessageDrafting(
    CustomerStore store, TokenBudget budget, DraftingSwitch power, ApprovedWording approved, MessageIndex index, DraftingOptions options, TimeProvider time,
    LanguageModel? model = null) : IDisposable
{
    /// <summary>Characters of a prompt that one token stands for, at the least.</summary>
    private const int CharactersPerToken = 2;

    private const int RememberedWordings = 10_000;

    private readonly MemoryCache _wordings = new(new MemoryCacheOptions { SizeLimit = RememberedWordings });

    public void Dispose() => _wordings.Dispose();

    /// <param name="customer">Whose message it is.</param>
    /// <param name="assignment">A brief without fault (<see cref="BriefRules.Fault(Brief)"/>), and approved words.</param>
    /// <param name="cancellation">Stops before the record is kept.</param>
    /// <exception cref="MessageMismatchException">The id stands for another brief.</exception>
    /// <exception cref="CustomerErasedException">Nothing is written about an erased customer.</exception>
    public async Task<MessageRecord> DraftAsync(CustomerId customer, Assignment assignment, CancellationToken cancellation)
    {
        assignment = assignment with { Brief = BriefRules.Shortened(assignment.Brief) };
        var digest = MessageRecord.DigestOf(assignment);
        var id = assignment.Brief.MessageId;
        if (await FindAsync(customer, id, cancellation) is { } known)
            return Same(known, digest);

        var record = await WriteAsync(customer, assignment, digest, cancellation);
        if (record.Approval is { } approval)
            await index.AskAsync(customer, id, approval.Until, cancellation);
        var row = MessageRecord.RowOf(id);
        var commit = await store.UpdateAsync(customer, session =>
        {
            if (session.Erased is { } erased)
                throw new CustomerErasedException(customer, erased);
            // Another worker may have drafted the same message meanwhile; the first one's words stand.
            if (session.Get(row, MessagesJson.Default.MessageRecord) is { } first)
                return Same(first, digest);

            session.Put(row, record, MessagesJson.Default.MessageRecord);
            return record;
        }, cancellation, row);
        return commit.Result;
    }

    /// <summary>The record of a message; null where there is none.</summary>
    public async Task<MessageRecord?> FindAsync(CustomerId customer, string messageId, CancellationToken cancellation)
    {
        var row = MessageRecord.RowOf(messageId);
        return (await store.UpdateAsync(customer, session => session.Get(row, MessagesJson.Default.MessageRecord), cancellation, row)).Result;
    }

    private static MessageRecord Same(MessageRecord known, string digest) =>
        known.Digest == digest ? known : throw new MessageMismatchException(known.Id);

    private async Task<MessageRecord> WriteAsync(CustomerId customer, Assignment assignment, string digest, CancellationToken cancellation)
    {
        var (brief, template) = (assignment.Brief, assignment.Template);
        var attempts = new List<Attempt>();
        var wording = MessageRecord.WordingDigestOf(assignment);
        string? without = null;
        var signed = assignment.Approval.NewWords ? await approved.FindAsync(wording, cancellation) : null;
        if ((signed ?? _wordings.Get<Draft>(wording)) is { } remembered)
            attempts.Add(Judge(MessageSource.Reused, brief, remembered, 0));
        else
            without = await AskAsync(customer, brief, attempts, cancellation);

        if (!attempts.Exists(attempt => attempt.Passed))
            attempts.Add(Judge(MessageSource.Template, brief, template, 0));

        var chosen = attempts.Find(attempt => attempt.Passed);
        var reasons = chosen is null ? [] : Approval.ReasonsFor(assignment.Approval, brief, newWords: chosen.Source != MessageSource.Template && chosen.Draft != signed);
        // What a person turns down, or nobody looks at in time, gives way to the template: proven now, at hand then.
        if (reasons.Count > 0 && chosen!.Source != MessageSource.Template)
            attempts.Add(Judge(MessageSource.Template, brief, template, 0));
        if (chosen is { Source: MessageSource.Model, Draft: { } draft })
            _wordings.Set(wording, draft, new MemoryCacheEntryOptions { Size = 1 });

        return new MessageRecord
        {
            Id = brief.MessageId,
            Digest = digest,
            Template = assignment.TemplateName,
            Wording = wording,
            Approval = reasons.Count == 0 ? null : new Approval(ApprovalStatus.Waiting, reasons, time.GetUtcNow() + Approval.Validity, assignment.AskedBy),
            Brief = brief,
            Source = chosen?.Source ?? MessageSource.None,
            Subject = chosen?.Draft?.Subject is { } subject ? Filling.Fill(subject, brief) : null,
            Body = chosen?.Draft is { } text ? Filling.Fill(text.Body, brief) : null,
            Attempts = attempts,
            WithoutModel = without,
            Model = model?.Name,
            PromptVersion = Prompt.Version,
            At = time.GetUtcNow(),
        };
    }

    /// <summary>Asks the model, twice at the most.</summary>
    /// <returns>Why it was not asked, or not asked again; null where nothing stood in the way.</returns>
    private async Task<string?> AskAsync(CustomerId customer, Brief brief, List<Attempt> attempts, CancellationToken cancellation)
    {
        if (model is null)
            return "no model is configured";
        if (!await power.IsOnAsync(cancellation))
            return "drafting is switched off";

        var prompt = Prompt.For(brief);
        for (var round = 0; round < 2; round++)
        {
            var most = options.MaxOutputTokens + (prompt.Sum(message => message.Content.Sum(part => part.Text.Length)) / CharactersPerToken);
            if (await budget.TakeAsync(customer, most, cancellation) is { } refusal)
                return refusal;

            var reply = await model.WriteAsync(prompt, cancellation);
            // A call that was given up may have cost something: what nobody told is not given back.
            await budget.ReturnAsync(customer, Math.Max(0, most - (reply.Tokens ?? most)), cancellation);
            if (reply.Draft is null)
            {
                attempts.Add(new Attempt(MessageSource.Model, null, [], reply.Failure, reply.Tokens ?? 0));
                return reply.Failure;
            }

            attempts.Add(Judge(MessageSource.Model, brief, reply.Draft, reply.Tokens ?? 0));
            if (attempts[^1].Passed)
                return null;

            prompt = Prompt.Repair(brief, reply.Draft, new ProofResult(attempts[^1].Verdicts));
        }

        return "the model's words were refused twice";
    }

    private static Attempt Judge(MessageSource source, Brief brief, Draft draft, int tokens) =>
        new(source, draft, MessageProof.Prove(brief, draft).Verdicts, Tokens: tokens);
}
