/* A bell. */

void ring(void)
{
	toll(1);
}
