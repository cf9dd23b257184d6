using System.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.ServiceDefaults.DataSubjects;

/// <summary>What every service that holds persons offers to data-subject-request, and to nobody else.</summary>
public static class SubjectEndpoints
{
    /// <summary>The service that may ask.</summary>
    public const string Asker = "data-subject-request";

    /// <summary>Name of the policy: a token of <see cref="Asker"/> for this service.</summary>
    public static TBuilder ForDataSubjectRequests<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(policy => policy.RequireClaim(Claims.Service, Asker));

    /// <summary>The key that verifies this service's receipts.</summary>
    public static void MapReceiptKey(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/internal/subjects/receipt-key", (ReceiptSigner signer) => TypedResults.Ok(signer.PublicKey))
            .ForDataSubjectRequests();

    /// <summary>Streams what the service holds about a person, in one snapshot, row by row.</summary>
    public static async Task StreamExportAsync<TContext>(
        this HttpContext http,
        WorkDb<TContext> work,
        Vault vault,
        string service,
        SubjectQuery query,
        IReadOnlyList<TenantId> tenants,
        OpenContent? open = null
    )
        where TContext : ServiceDbContext
    {
        http.Response.ContentType = "application/x-ndjson";
        http.Response.Headers.CacheControl = "no-store";
        await using var db = work.CreateContext();
        await db
            .Database.CreateExecutionStrategy()
            .ExecuteAsync(
                (db, http.Response.Body),
                async (_, state, token) =>
                {
                    // Nothing was written before the snapshot stands, so opening it may be tried again; the writing may not.
                    await using var snapshot = await state.db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, token);
                    if (query.TenantId is { } tenant)
                        await state.db.SetTenantAsync(tenant, token);
                    var key = await vault.FindSubjectKeyAsync(state.db, query.SubjectId, token);
                    try
                    {
                        await new SubjectExport(state.db, query.SubjectId, key, service, open).WriteAsync(state.Body, tenants, token);
                    }
                    catch (Npgsql.NpgsqlException error)
                    {
                        throw new IOException("The export broke off.", error.InnerException);
                    }
                    return true;
                },
                verifySucceeded: null,
                http.RequestAborted
            );
    }
}
