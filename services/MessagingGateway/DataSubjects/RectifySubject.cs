using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;
using WpAsis.Privacy.Values;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.MessagingGateway.DataSubjects;

/// <summary>The name under which a contact wants to be known.</summary>
internal sealed record RectifySubjectRequest(DataSubjectId SubjectId, TenantId TenantId, [property: PersonName] string Name)
{
    public override string ToString() => nameof(RectifySubjectRequest);
}

/// <summary>Corrects a contact's display name. WhatsApp remains its source: a name that it sends later counts again.</summary>
internal static class RectifySubjectEndpoint
{
    public static void MapRectifySubject(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/subjects/rectify", HandleAsync).ForDataSubjectRequests();

    private static async Task<Results<Ok<RectifiedProfile>, ProblemHttpResult, ValidationProblem>> HandleAsync(
        RectifySubjectRequest request,
        WorkDb<GatewayDbContext> work,
        Vault vault,
        CancellationToken cancellationToken
    )
    {
        if (!PersonName.TryParse(request.Name, out var name))
            return Problems.Invalid("name", "A name is needed.");
        await using var db = work.CreateContext();
        var changed = await db.InTenantAsync(
            request.TenantId,
            async (inner, token) =>
            {
                if (await vault.FindSubjectKeyAsync(inner, request.SubjectId, token) is not { } key)
                    return 0;
                var value = key.Seal(SealedColumns.ContactDisplayName, name.Reveal());
                return await inner
                    .Set<Contact>()
                    .Where(contact => contact.Subject == request.SubjectId)
                    .ExecuteUpdateAsync(row => row.SetProperty(contact => contact.DisplayName, value), token);
            },
            cancellationToken
        );
        return changed == 1
            ? TypedResults.Ok(new RectifiedProfile(1))
            : Problems.Of(StatusCodes.Status404NotFound, "no-such-subject", "There is no such person.");
    }
}

/// <summary>Signs that the correction is what this service holds. Contacts are its own; of accounts it keeps no copy.</summary>
internal sealed class RectifySubjectConsumer(WorkDb<GatewayDbContext> work, SubjectEraser signer, TimeProvider clock)
    : IConsumer<RectificationRequested>
{
    /// <inheritdoc />
    public async Task Consume(ConsumeContext<RectificationRequested> context)
    {
        var request = context.Message;
        await using var db = work.CreateContext();
        await context.AnswerRectificationAsync(
            db,
            DataSubjectsFeature.Service,
            clock,
            async (inner, token) =>
            {
                var rows = new Dictionary<string, int>(StringComparer.Ordinal)
                {
                    ["contact"] = await inner.Set<Contact>().CountAsync(contact => contact.Subject == request.SubjectId, token),
                };
                return await signer.RectifiedAsync(inner, request.RequestId, request.TenantId, request.Version, rows, token);
            }
        );
    }
}
