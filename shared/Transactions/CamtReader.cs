using System.Xml;
using System.Xml.Linq;

namespace ServerlessCLM.Transactions;

/// <summary>Payments of an ISO 20022 account report, statement or notification: camt.052, camt.053 or camt.054, any version.</summary>
/// <remarks>
/// <para>Elements are known by their local names; a document type definition is refused. A batch entry whose details carry amounts
/// gives one payment per detail. The same entry reported in several messages gives the same id, except that a pending
/// one stays apart from its booking. An entry that reverses another keeps the sign of its own direction.</para>
/// <para>Balances after each payment are given for a statement whose opening balance, booked entries in ascending
/// order and closing balance agree.</para>
/// </remarks>
/// <param name="path">The XML file.</param>
/// <param name="customerOf">Customer of an account (IBAN or other id); the account itself without one.</param>
public sealed class CamtReader(string path, Func<string, string>? customerOf = null) : IPaymentSource
{
    private readonly SourceFile file = new(path);

    public long TotalBytes => file.Length;

    public long BytesRead => file.BytesRead;

    public IEnumerable<SourceEntry> Read() => file.Read(stream => Read(stream, file.Path, customerOf));

    /// <summary>Reads one document.</summary>
    /// <param name="name">What errors call it.</param>
    public static IEnumerable<SourceEntry> Read(Stream stream, string name, Func<string, string>? customerOf = null)
    {
        using var xml = XmlReader.Create(stream, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreWhitespace = true,
            IgnoreProcessingInstructions = true,
        });
        var position = (IXmlLineInfo)xml;
        CamtStatement? statement = null;
        var known = false;
        while (Guard(name, position, () => MoveToPart(xml)))
        {
            switch (xml.LocalName)
            {
                case "BkToCstmrAcctRpt" or "BkToCstmrStmt" or "BkToCstmrDbtCdtNtfctn":
                    known = true;
                    xml.Read();
                    break;
                case "Rpt" or "Stmt" or "Ntfctn":
                    foreach (var entry in statement?.Entries() ?? [])
                        yield return entry;
                    statement = new CamtStatement(customerOf);
                    xml.Read();
                    break;
                default:
                    var line = position.LineNumber;
                    var element = Guard(name, position, () => (XElement)XNode.ReadFrom(xml));
                    statement?.Take(element, line);
                    break;
            }
        }

        foreach (var entry in statement?.Entries() ?? [])
            yield return entry;
        if (!known)
            throw new SourceFormatException(name, 1, "holds no camt.052, camt.053 or camt.054 message");
    }

    /// <summary>Stands on the next message, statement, account, balance or entry.</summary>
    private static bool MoveToPart(XmlReader xml)
    {
        while (!xml.EOF)
        {
            var known = xml.LocalName is "BkToCstmrAcctRpt" or "BkToCstmrStmt" or "BkToCstmrDbtCdtNtfctn"
                or "Rpt" or "Stmt" or "Ntfctn" or "Acct" or "Bal" or "Ntry";
            if (known && xml.NodeType == XmlNodeType.Element)
                return true;
            xml.Read();
        }

        return false;
    }

    private static T Guard<T>(string name, IXmlLineInfo position, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (XmlException cause)
        {
            throw new SourceFormatException(name, Math.Max(cause.LineNumber, Math.Max(position.LineNumber, 1)), cause.Message, cause);
        }
    }
}
