/* A bell. */

void ring(void)
{
	strike(1);
}
