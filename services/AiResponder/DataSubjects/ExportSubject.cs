using WpAsis.AiResponder.Data;
using WpAsis.AiResponder.Replies;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Subjects;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.AiResponder.DataSubjects;

/// <summary>What the responder holds about a contact: what was said while its hour lives, and what became of it.</summary>
internal static class ExportSubjectEndpoint
{
    public static void MapExportSubject(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/subjects/export", HandleAsync).ForDataSubjectRequests();

    private static Task HandleAsync(
        HttpContext context,
        SubjectQuery query,
        WorkDb<ResponderDbContext> work,
        Vault vault,
        ContentReader reader
    ) =>
        context.StreamExportAsync(
            work,
            vault,
            DataSubjectsFeature.Service,
            query,
            query.TenantId is { } tenant ? [tenant] : [],
            (row, content) => Open(reader, row, content)
        );

    private static string? Open(ContentReader reader, ExportedRow row, SealedContent content)
    {
        var (item, kind) = row.Table.Name switch
        {
            "turn_message" => (Message(row), row.Values["kind"]!.ToString()!),
            "amendment" => (Message(row), nameof(MessageKind.Edit)),
            "human_reply" => (Message(row), HumanReply.Kind),
            "reply" => (((ReplyId)row.Values["replyId"]!).Value, Reply.Kind),
            var table => throw new InvalidOperationException($"{table} holds words that no export opens."),
        };
        var text = reader.Open((TenantId)row.Values["tenantId"]!, (ThreadId)row.Values["threadId"]!, item, kind, content, out var expired);
        return expired ? null : text;
    }

    private static Guid Message(ExportedRow row) => ((MessageId)row.Values["messageId"]!).Value;
}
