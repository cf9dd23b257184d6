using Microsoft.EntityFrameworkCore;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.MessagingGateway.Data;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.MessagingGateway.DataSubjects;

/// <summary>Whether a contact is there: asked before anything is done, and again when everything was.</summary>
internal static class LocateSubjectEndpoint
{
    public static void MapLocateSubject(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/subjects/locate", HandleAsync).ForDataSubjectRequests();

    private static async Task<SubjectLocation> HandleAsync(SubjectQuery query, GatewayDbContext db, CancellationToken cancellationToken) =>
        query is { Kind: SubjectKind.Contact, TenantId: { } tenant }
            ? await db.InTenantAsync(
                tenant,
                async (inner, token) =>
                    new SubjectLocation(await inner.Set<Contact>().AnyAsync(contact => contact.Subject == query.SubjectId, token)),
                cancellationToken
            )
            : new SubjectLocation(Found: false);
}
